import Foundation
@testable import struct Shapes.Circle

/// Keeps values by key.
///
/// Not thread-safe.
@available(iOS 13, *)
@MainActor
public final class Store<Key: Hashable, Value>: Base<Key>, Sequence where Value: Codable {
    public static let limit = 100
    private var values: [Key: Value] = [:], spare = 0
    weak var owner: Owner?
    @Published private(set) var count = 0
    var isEmpty: Bool { values.isEmpty }
    var first: Value? {
        get { values.first }
        set { values = [:] }
    }

    /// Makes a store.
    public init(capacity: Int = 16, names: String...) throws {
        super.init(capacity: capacity)
        load(names)
    }

    required convenience init?(coder: NSCoder) { nil }

    deinit { close() }

    /** Finds a value; never nil. */
    @discardableResult
    open func find<T: Value>(
        _ key: Key,
        as type: T.Type
    ) async throws -> T? where T: Sendable {
        func inner(_ n: Int) -> Int { n + 1 }
        let local = inner(2)
        return values[key].map { Holder(value: $0) }
    }

    class func shared() -> Store { Store() }
    fileprivate func close() {}

    subscript(key: Key) -> Value? {
        get { values[key] }
    }

    static func == (lhs: Store, rhs: Store) -> Bool { lhs === rhs }

    enum Mode: String, CaseIterable {
        case read = "r", write
        case other(Int, name: String)
        indirect case nested(Mode)

        var label: String { rawValue }
    }
}

public protocol Visitor: AnyObject {
    associatedtype Result
    var depth: Int { get }
    static var shared: Self { get set }
    init(depth: Int)
    func visit(_ store: Store<String, Int>) -> Result
    mutating func end()
}

struct Point: Equatable {
    let x, y: Double
    mutating func move(by delta: Double) { x += delta }
    static let zero = Point(x: 0, y: 0)
}

extension Store: CustomStringConvertible where Key == String {
    public var description: String { "store" }
    func folded() -> String { fold(description) }
}

extension Array.Element {
    private func twice() {}
}

actor Counter {
    private(set) var value = 0
    func increment() { value += 1 }
}

typealias Handler<T> = (T) -> Void
infix operator <+>: AdditionPrecedence
func <+> (a: Point, b: Point) -> Point { a }
public let version = "1.0"
private func helper(n: Int) -> some View { Text("a") }

@attached(member) macro Observable() = #externalMacro(module: "M", type: "T")

final class StoreTests: XCTestCase {
    override func setUp() {}
    func testFindsValues() throws {
        XCTAssertEqual(1, Store().find("a"))
    }
}

@Test("adds numbers") func addition() { #expect(1 + 1 == 2) }

class Broken {
    func fine() {}
    func bad( { return 1 }
    func after() -> String { "after" }
}
