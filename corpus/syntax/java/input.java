package org.example.store;

import java.util.List;
import java.util.concurrent.*;
import static org.junit.Assert.assertEquals;

/**
 * Keeps values by key.
 *
 * @param <K> the key
 */
@Deprecated
@SuppressWarnings("unchecked")
public abstract class Store<K extends Comparable<K>, V> extends Base<K> implements Closeable, Iterable<V> {
    public static final int LIMIT = 1_000;
    private final List<V> values = new ArrayList<>(), spare;
    protected int count; // trailing

    static {
        System.loadLibrary("store");
    }

    /** Makes a store. */
    @Inject
    public Store(int capacity, String... names) throws IOException {
        this.count = capacity;
        load(names);
    }

    /** Finds a value; never null. */
    @Override
    @Nullable public <T extends V> T find(
            final K key,
            Class<T> type
    ) {
        Runnable r = new Runnable() {
            @Override public void run() { find(null, null); }
        };
        return values.stream().map(type::cast).findFirst().orElseThrow(() -> new MissingException(key));
    }

    V find(K key) { return null; }

    abstract void close() throws IOException;

    private static native long handle();

    enum Mode implements Named {
        READ("r"),
        WRITE("w") {
            @Override String label() { return "write"; }
        };

        private final String text;
        Mode(String text) { this.text = text; }
        String label() { return text; }
    }

    interface Visitor<R> {
        int DEPTH = 3;
        R visit(Store<?, ?> store);
        default void end() {}
    }

    @interface Marker {
        String value() default "";
        int[] levels() default {1, 2};
    }
}

record Point(int x, int y) implements Comparable<Point> {
    Point {
        if (x < 0) throw new IllegalArgumentException();
    }
    static Point origin() { return new Point(0, 0); }
    public int compareTo(Point other) { return Integer.compare(x, other.x); }
}

sealed interface Shape permits Circle, Square {}

class StoreTest {
    @Test
    public void findsValues() {
        assertEquals(1, new Store<>().find("a"));
    }

    @ParameterizedTest @ValueSource(ints = {1, 2})
    void takes(int n) {}
}

class Broken {
    void fine() {}
    int bad( { return 1; }
    String after() { return "after"; }
}
