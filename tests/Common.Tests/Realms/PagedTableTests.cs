using Pltfrms.Iam.Common.Realms;

namespace Common.Tests.Realms;

public sealed class PagedTableTests
{
    [Fact]
    public void Any_history_leads_to_what_a_dictionary_holds()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var expected = new Dictionary<(string Owner, int Number), Item>();
            var table = PagedTable<string, Item, ByOwner>.Empty;
            for (var step = 0; step < 40; step++)
            {
                var removed = expected.Values.OrderBy(item => (item.Owner, item.Number)).Where(_ => random.Next(6) == 0).ToList();
                var added = Enumerable.Range(0, random.Next(1 << random.Next(10)))
                    .Select(_ => new Item($"o{random.Next(1 << random.Next(1, 9))}", random.Next(20))).ToList();
                removed.ForEach(item => expected.Remove((item.Owner, item.Number)));
                added.ForEach(item => expected[(item.Owner, item.Number)] = item);
                var before = table.Values.ToList();
                var earlier = table;
                table = table.With(removed, added);

                AssertSame(expected.Values, table);
                Assert.Equal(before, earlier.Values);
            }
        }
    }

    [Fact]
    public void A_whole_table_holds_the_last_state_of_each_entry()
    {
        foreach (var count in new[] { 0, 1, 17, 5_000, 100_000 })
        {
            var random = new Random(count);
            var builder = new PagedTableBuilder<string, Item, ByOwner>();
            var expected = new Dictionary<(string, int), Item>();
            for (var i = 0; i < count; i++)
            {
                var item = new Item($"o{random.Next(Math.Max(1, count / 3))}", random.Next(4));
                builder.Add(item);
                expected[(item.Owner, item.Number)] = item;
            }

            AssertSame(expected.Values, builder.Build());
        }
    }

    [Fact]
    public void Keys_whose_hashes_are_equal_are_told_apart()
    {
        var (one, other) = (new Clash("one"), new Clash("other"));
        var table = PagedTable<Clash, Tuple<Clash, int>, ByClash>.Empty.With([], [new(one, 2), new(other, 7), new(one, 1), new(other, 7)]);

        Assert.Equal([1, 2], table.FindAll(one).Select(pair => pair.Item2));
        Assert.Equal(7, Assert.Single(table.FindAll(other)).Item2);
        Assert.Equal(0, table.FindAll(new("third")).Count);
    }

    private static void AssertSame(IEnumerable<Item> expected, PagedTable<string, Item, ByOwner> table)
    {
        var byOwner = expected.ToLookup(item => item.Owner);
        Assert.Equal(byOwner.Sum(items => items.Count()), table.Count);
        Assert.Equal(table.Count, table.Values.Count());
        foreach (var items in byOwner)
        {
            var inOrder = items.OrderBy(item => item.Number).ToList();
            Assert.Equal<object>(inOrder, table.FindAll(items.Key), ReferenceEqualityComparer.Instance!);
            Assert.Same(inOrder[0], table.Find(items.Key));
        }

        Assert.Null(table.Find("nobody"));
    }

    private sealed class Item(string owner, int number)
    {
        public string Owner => owner;

        public int Number => number;
    }

    private readonly struct ByOwner : ITableOrder<string, Item>
    {
        public static string KeyOf(Item value) => value.Owner;

        public static int Compare(Item one, Item other)
        {
            var order = string.CompareOrdinal(one.Owner, other.Owner);
            return order != 0 ? order : one.Number.CompareTo(other.Number);
        }
    }

    private sealed record Clash(string Name)
    {
        public override int GetHashCode() => 1;

        public bool Equals(Clash? other) => other?.Name == Name;
    }

    private readonly struct ByClash : ITableOrder<Clash, Tuple<Clash, int>>
    {
        public static Clash KeyOf(Tuple<Clash, int> value) => value.Item1;

        public static int Compare(Tuple<Clash, int> one, Tuple<Clash, int> other)
        {
            var order = string.CompareOrdinal(one.Item1.Name, other.Item1.Name);
            return order != 0 ? order : one.Item2.CompareTo(other.Item2);
        }
    }
}
