using Pltfrms.Iam.Common;
using Testing.Databases;

namespace Common.Tests.Storage;

/// <summary>What is written is what is read, on every engine and with one SQL text.</summary>
public abstract class PortableTypesContract(TestDatabase fixture)
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 29, 12, 0, 0, TimeSpan.Zero);

    [StorageFact]
    public async Task An_instant_comes_back_in_utc_with_its_microseconds()
    {
        var summerTime = new DateTimeOffset(2026, 3, 29, 14, 0, 0, TimeSpan.FromHours(2)).AddTicks(1_234_567);

        var read = await RoundTripAsync(Sample.New() with { HappenedAt = summerTime });

        Assert.Equal(Noon.AddTicks(1_234_560), read.HappenedAt);
        Assert.Equal(TimeSpan.Zero, read.HappenedAt!.Value.Offset);
    }

    [StorageTheory]
    [InlineData(0)]
    [InlineData(3600)]
    [InlineData(315_360_000)]
    [InlineData(5_000_000_000)]
    public async Task A_duration_comes_back_in_whole_seconds(long seconds)
    {
        var read = await RoundTripAsync(Sample.New() with { Lifetime = TimeSpan.FromSeconds(seconds) });

        Assert.Equal(TimeSpan.FromSeconds(seconds), read.Lifetime);
    }

    [StorageFact]
    public async Task A_list_of_strings_keeps_order_duplicates_and_every_character()
    {
        ValueList<string> names = ["b", "a", "b", "", "comma, quote \" brace } backslash \\", "Ünïcødé 🔑", "NULL"];

        var read = await RoundTripAsync(Sample.New() with { Names = names });

        Assert.Equal(names, read.Names);
    }

    [StorageFact]
    public async Task An_empty_list_is_not_null()
    {
        var read = await RoundTripAsync(Sample.New() with { Names = [] });

        Assert.Equal([], read.Names);
    }

    [StorageFact]
    public async Task A_record_comes_back_from_its_json()
    {
        var details = new SampleDetails
        {
            DisplayName = "Müller & Söhne <GmbH>",
            RedirectUris = ["http://127.0.0.1:8765/callback"],
            Kind = SampleKind.Round,
        };

        var read = await RoundTripAsync(Sample.New() with { Details = details });

        Assert.Equal(details, read.Details);
    }

    [StorageFact]
    public async Task Json_has_snake_case_names_enums_by_name_and_nothing_unset()
    {
        var sample = Sample.New() with { Details = new SampleDetails { DisplayName = "x", Kind = SampleKind.Round } };
        await using var session = await fixture.Database.OpenAsync(CancellationToken.None);
        await sample.InsertAsync(session);

        var text = await session.QuerySingleOrDefaultAsync<string>(
            "select details from sample where realm_id = @RealmId", new { sample.RealmId }, CancellationToken.None);

        Assert.Equal("""{"display_name":"x","redirect_uris":[],"kind":"round"}""", text);
    }

    [StorageFact]
    public async Task Bytes_enums_and_booleans_come_back()
    {
        var read = await RoundTripAsync(Sample.New() with { Hash = [0, 255, 39, 92], Kind = SampleKind.Round, Enabled = true });

        Assert.Equal([0, 255, 39, 92], read.Hash);
        Assert.Equal(SampleKind.Round, read.Kind);
        Assert.True(read.Enabled);
        Assert.False((await RoundTripAsync(Sample.New() with { Enabled = false })).Enabled);
    }

    [StorageFact]
    public async Task What_is_null_stays_null()
    {
        var sample = Sample.New();

        Assert.Equal(sample, await RoundTripAsync(sample));
    }

    [StorageFact]
    public async Task A_missing_row_is_null()
    {
        await using var session = await fixture.Database.OpenAsync(CancellationToken.None);

        Assert.Null(await Sample.New().FindAsync(session));
    }

    [StorageFact]
    public async Task Instants_are_compared_as_time()
    {
        var realmId = Sample.New().RealmId;
        DateTimeOffset[] instants = [Noon, Noon.AddMicroseconds(-1), Noon.AddYears(-100), Noon.AddMicroseconds(1), Noon.ToOffset(TimeSpan.FromHours(9)).AddDays(1)];
        await using var session = await fixture.Database.OpenAsync(CancellationToken.None);
        foreach (var instant in instants)
        {
            var name = $"{Guid.NewGuid():n}";
            await new Sample { RealmId = realmId, Id = name, Label = name, HappenedAt = instant }.InsertAsync(session);
        }

        var from = await session.QueryAsync<DateTimeOffset>(
            "select happened_at from sample where realm_id = @realmId and happened_at >= @Noon order by happened_at",
            new { realmId, Noon },
            CancellationToken.None);

        Assert.Equal([Noon, Noon.AddMicroseconds(1), Noon.AddDays(1)], from);
    }

    [StorageFact]
    public async Task Text_that_looks_like_sql_is_text()
    {
        var sample = Sample.New() with { Id = "'; drop table sample; --" };

        Assert.Equal(sample, await RoundTripAsync(sample));
    }

    private async Task<Sample> RoundTripAsync(Sample sample)
    {
        await using var session = await fixture.Database.OpenAsync(CancellationToken.None);
        await sample.InsertAsync(session);
        return Assert.IsType<Sample>(await sample.FindAsync(session));
    }
}

public sealed class SqlitePortableTypesTests(SqliteStorageDatabase fixture)
    : PortableTypesContract(fixture), IClassFixture<SqliteStorageDatabase>;

[NeedsPostgres]
public sealed class PostgresPortableTypesTests(PostgresStorageDatabase fixture)
    : PortableTypesContract(fixture), IClassFixture<PostgresStorageDatabase>;
