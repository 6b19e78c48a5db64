library org.example.store;

import 'dart:async';
import 'package:test/test.dart' show test, expect;
export 'src/view.dart';
part 'store.g.dart';

/// Keeps values by key.
///
/// Not safe.
@immutable
abstract class Store<K extends Comparable<K>, V> extends Base<K> with Cache implements Closeable {
  static const int limit = 100;
  final Map<K, V> _values = {}, spare = {};
  late int count;

  /// Makes a store.
  Store(this.count, {required this.names, int capacity = 16}) : super(capacity) {
    load(names);
  }
  const Store.empty() : count = 0;
  factory Store.from(Map<K, V> map) => Shelf(map);

  bool get isEmpty => _values.isEmpty;
  set first(V value) { _values.clear(); }

  /// Finds a value; never null.
  @override
  Future<T?> find<T extends V>(
    K key, {
    Type? type,
  }) async {
    int inner(int n) => n + 1;
    var local = inner(2);
    return _values[key]?.map((value) => Holder(value));
  }

  void close();
  static Store shared() => Store.empty();
  Store operator +(Store other) => this;
  void _hidden() {}
}

mixin Cache on Base<int> {
  void drop() {}
}

extension Shout on String {
  String shout() => toUpperCase();
}

enum Mode with Named implements Label {
  read('r'),
  write('w');

  final String text;
  const Mode(this.text);
  String get label => text;
}

enum Plain { one, two }

typedef Handler<T> = void Function(T value);
typedef int Compare(int a, int b);

const version = '1.0';
final _handlers = <String, Handler<int>>{};
int counter = 0;
external int native(int n);

String helper(int n, [String? text]) => text ?? '$n';
int get top => 1;

void main() {
  group('store', () {
    test('finds values', () {
      expect(Store.empty().find('a'), isNull);
    });
  });
}

class Broken {
  void fine() {}
  int bad( { return 1; }
  String after() => 'after';
}
