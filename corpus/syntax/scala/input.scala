package org.example.store

import scala.collection.mutable
import org.example.view.{Item, pack => fit}
import org.example.text.*

/** Keeps values by key.
  *
  * @tparam K the key
  */
@deprecated("use Shelf", "2.0")
abstract class Store[K <: Comparable[K], +V](val capacity: Int, names: String*)(implicit ord: Ordering[K])
    extends Base[K](capacity) with Closeable with Iterable[V] {

  private val values = mutable.Map.empty[K, V]
  var count: Int = 0
  lazy val (first, second) = (1, 2)
  protected[store] val limit: Int
  type Key = K

  def this(name: String) = this(16, name)

  /** Finds a value; never null. */
  @tailrec
  override final def find[T >: V](
      key: K,
      fallback: => T,
  )(using ctx: Context): Option[T] = {
    def inner(n: Int) = n + 1
    val local = inner(2)
    values.get(key).map(value => new Holder(value))
  }

  def close(): Unit
  private[this] def +=(value: V): this.type = { values ++= value; this }
  implicit def toInt(store: Store[_, _]): Int = store.count
}

object Store {
  val Limit = 100
  def apply[K, V](): Store[K, V] = ???
  private object Hidden
}

sealed trait Shape extends Product with Serializable {
  def area: Double
  def name: String = "shape"
}
case class Circle(radius: Double) extends Shape { def area = math.Pi * radius }
case object Nothing extends Shape { val area = 0.0 }

package object text {
  type Line = String
  def fold(line: Line): Line = line.trim
}

enum Mode(val text: String):
  case Read extends Mode("r")
  case Write, Append
  case Other(name: String)
  def label: String = text

given intOrdering: Ordering[Int] with
  def compare(a: Int, b: Int): Int = a - b

extension (s: String)
  def shout: String = s.toUpperCase
  def twice: String = s + s

opaque type Meters = Double
def main(args: Array[String]): Unit =
  println(Store[String, Int]().find("a"))

class StoreSpec extends AnyFunSuite {
  test("finds values") {
    assert(Store().find("a").isEmpty)
  }
}

class StoreTest {
  @Test def findsValues(): Unit = assertEquals(1, 1)
}

class Broken {
  def fine() = 1
  def bad( = { 1 }
  def after(): String = "after"
}
