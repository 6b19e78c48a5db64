using System;
using System.Collections.Generic;
using static System.Math;
using Map = System.Collections.Generic.Dictionary<string, int>;

namespace Shop.Orders
{
    /// <summary>
    /// Takes orders; keeps them by number.
    /// </summary>
    /// <remarks>Not thread-safe.</remarks>
    [Serializable]
    [Table("orders", Schema = "shop")]
    public abstract partial class OrderBook<TOrder, TKey> : Book<TOrder>, IEnumerable<TOrder>
        where TOrder : class, IOrder, new()
    {
        private readonly Dictionary<TKey, TOrder> _orders = new(), _spare;
        public const int Limit = 100;
        internal static int Count;

        public event EventHandler<OrderEvent>? Placed;
        public event Action Closed { add { } remove { } }

        /// <summary>The first <see cref="Order"/>.</summary>
        public TOrder? First { get; private set; }
        protected bool IsEmpty => _orders.Count == 0;

        static OrderBook() { }

        public OrderBook(int capacity, params string[] names) : base(capacity)
        {
            Load(names);
        }

        ~OrderBook() => Dispose(false);

        [Obsolete("use PlaceAsync")]
        public virtual async Task<TOrder> Place<T>(
            TOrder order,
            T? options = default
        ) where T : struct
        {
            int Twice(int n) => n * 2;
            var placed = new Receipt(Twice(order.Number));
            Placed?.Invoke(this, new OrderEvent(placed));
            return await Store.Save<TOrder>(order);
        }

        public void Place(TOrder order) => Place<int>(order);
        protected abstract void Dispose(bool disposing);
        IEnumerator<TOrder> IEnumerable<TOrder>.GetEnumerator() => _orders.Values.GetEnumerator();

        public TOrder this[TKey key] { get => _orders[key]; }
        public static OrderBook<TOrder, TKey> operator +(OrderBook<TOrder, TKey> a, TOrder b) => a;
        public static implicit operator int(OrderBook<TOrder, TKey> book) => Count;

        private enum State : byte { Open, Closed = 4 }

        public interface IVisitor
        {
            string Name { get; }
            void Visit(Order order);
        }
    }

    public delegate bool Filter<in T>(T item);

    public readonly record struct Money(decimal Amount, string Currency);
    record Customer(string Name) : Person(Name)
    {
        public string Upper() => Name.ToUpper();
    }
    internal struct Point { public int X, Y; }

#if DEBUG
    static class Debugging { public static void Dump(this Order order) { } }
#endif
}

namespace Shop.Tests
{
    public class OrderBookTests
    {
        [Fact]
        public void PlacesOrders() { Assert.Equal(1, new OrderBook().Count); }

        [Theory, InlineData(1)]
        private void Counts(int n) { }
    }

    class Broken
    {
        void Fine() { }
        int Bad( { return 1; }
        string After() { return "after"; }
    }
}
