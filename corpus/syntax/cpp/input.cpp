#include <vector>
#include "shape.hpp"

#define SHAPE_API __attribute__((visibility("default")))
#define SHAPE_CHECK(x) if (!(x)) throw shape_error(#x)

namespace geo { namespace detail {
// Squares a number.
template <typename T>
constexpr T square(T value) noexcept { return value * value; }
}}

namespace geo::io {

using Points = std::vector<Point>;
typedef struct { double x, y; } Point;

enum class Color : unsigned char { red, green = 4, blue };

/// Anything with an area.
class SHAPE_API Shape : public Base<int>, private detail::Counted {
    int hidden_ = 0;
public:
    Shape() = default;
    explicit Shape(std::string name, Color color = Color::red)
        : name_(std::move(name)), color_{color} {}
    Shape(const Shape&) = delete;
    virtual ~Shape() noexcept;

    /** Computes the area. */
    virtual double area() const = 0;
    static Shape* create(const std::string& name);
    const std::string& name() const & { return name_; }
    Shape& operator=(Shape&& other) noexcept;
    bool operator()(int a, int b) const { return a < b; }
    explicit operator bool() const { return true; }
    template <class Visitor>
    auto accept(Visitor&& visitor) -> decltype(visitor(*this));
    friend bool operator==(const Shape& a, const Shape& b);
    friend void swap(Shape& a, Shape& b) { std::swap(a.name_, b.name_); }

protected:
    void touch();
    std::vector<std::unique_ptr<Shape>> children;
    int counts[3], *cursor = nullptr;

private:
    struct Node { Node* next; int value; };
    std::string name_;
    static inline int total = 0;
};

template <typename T, int N>
struct Buffer {
    using value_type = T;
    T data[N];
    T& at(int index);
    struct iterator { T* operator->() const; };
};

template <>
struct Buffer<bool, 8> { unsigned char bits; };

template <typename T, int N>
T& Buffer<T, N>::at(int index) {
    auto check = [&](int i) { return i < N; };
    Point origin(index);
    SHAPE_CHECK(check(index));
    return data[index];
}

Shape::~Shape() noexcept { touch(); }
Shape::operator int() const { return 1; }
Shape& Shape::operator=(Shape&& other) noexcept {
    name_ = std::move(other.name_);
    return *this;
}
Shape* Shape::create(const std::string& name) { return new Circle(name); }

template <typename T>
concept Drawable = requires(T shape) { shape.draw(); };

SHAPE_API inline std::ostream&
operator<<(std::ostream& out, const Shape& shape) {
    return out << shape.name();
}

[[nodiscard]] static int helper(int a, int b = 2);
constexpr double pi = 3.14159;
extern "C" int shape_version(void);

namespace {
int counter;
}

} // namespace geo::io

TEST(ShapeTest, HasArea) {
    EXPECT_EQ(geo::detail::square(3), 9);
}

TEST_CASE("shapes have names") {
    SECTION("circle") { CHECK(true); }
}

class Broken {
    void fine();
    int a = ;
    void also_fine() { run(; }
};

int main(int argc, char** argv) { return geo::io::run(argc); }
