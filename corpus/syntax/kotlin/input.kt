@file:JvmName("Stores")
package org.example.store

import java.util.Date
import org.example.view.*
import org.example.text.fold as shorten

/**
 * Keeps values by key.
 *
 * @param K the key
 */
@Serializable
open class Store<K : Comparable<K>, out V> @Inject constructor(
    private val names: List<String>,
    val capacity: Int = 16,
    plain: Int,
) : Base<K>(capacity), Closeable, Iterable<V> by names where V : Any {

    private val values = mutableListOf<V>()
    var count: Int = 0
        private set
    val isEmpty: Boolean get() = values.isEmpty()
    lateinit var owner: Owner
    val lazily by lazy { load() }

    init {
        require(capacity > 0)
    }

    constructor(name: String) : this(listOf(name), 1, 2) {
        load()
    }

    /** Finds a value; never null. */
    @Throws(IOException::class)
    override suspend fun <T : V> find(
        key: K,
        type: KClass<T>,
    ): T? {
        fun inner(n: Int) = n + 1
        val local = inner(2)
        return values.firstOrNull { it == key } as? T ?: throw Missing(key)
    }

    internal fun close() = values.clear()

    companion object {
        const val LIMIT = 100
        @JvmStatic fun create(): Store<String, Int> = Store("a")
    }

    companion object Named

    inner class Cursor(var at: Int)
}

interface Visitor<R> {
    val depth: Int
    fun visit(store: Store<*, *>): R
    fun end() {}
}

fun interface Predicate { fun test(value: Int): Boolean }

enum class Mode(val text: String) : Named {
    READ("r"),
    @Deprecated("no") WRITE("w") {
        override fun label() = "write"
    };

    open fun label(): String = text
}

sealed interface Shape
data class Circle(val radius: Double) : Shape
data object Nothing : Shape
@JvmInline value class Meters(val value: Double)
annotation class Marker(val value: String)

object Registry : Visitor<Unit> {
    private var shapes = listOf<Shape>()
    operator fun plus(shape: Shape) = apply { shapes += shape }
}

typealias Handler<T> = (T, Int) -> Unit

const val VERSION = "1.0"
private val handlers: MutableMap<String, Handler<Any>> = HashMap()
val String.shout: String get() = uppercase()
inline fun <reified T> List<T>.second(): T = this[1]
fun String.`with spaces`(n: Int): String = repeat(n)

class StoreTest {
    @Test
    fun `finds values`() {
        assertEquals(1, Store("a").find(1, Int::class))
    }
}

class Broken {
    fun fine() {}
    fun bad( { return 1 }
    fun after(): String = "after"
}
