using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Storage;

namespace Common.Tests.Storage;

public enum SampleKind
{
    Unspecified,
    Round,
}

/// <summary>Stored as JSON.</summary>
public sealed record SampleDetails
{
    public required string DisplayName { get; init; }

    public ValueList<string> RedirectUris { get; init; } = [];

    public SampleKind Kind { get; init; }

    public string? Note { get; init; }
}

/// <summary>A row with one column of each portable type, and the statements that a store would have.</summary>
public sealed record Sample
{
    private const string InsertSql = """
        insert into sample (realm_id, id, label, happened_at, lifetime, names, details, hash, kind, enabled)
        values (@RealmId, @Id, @Label, @HappenedAt, @Lifetime, @Names, @Details, @Hash, @kind, @Enabled)
        """;

    private const string FindSql = """
        select realm_id, id, label, happened_at, lifetime, names, details, hash, kind, enabled
        from sample
        where realm_id = @realmId and id = @id
        """;

    static Sample() => PortableTypes.RegisterJson<SampleDetails>();

    public required string RealmId { get; init; }

    public required string Id { get; init; }

    public required string Label { get; init; }

    public DateTimeOffset? HappenedAt { get; init; }

    public TimeSpan? Lifetime { get; init; }

    public ValueList<string>? Names { get; init; }

    public SampleDetails? Details { get; init; }

    public byte[]? Hash { get; init; }

    public SampleKind? Kind { get; init; }

    public bool? Enabled { get; init; }

    /// <summary>A row that no other test has.</summary>
    public static Sample New()
    {
        var id = $"{Guid.NewGuid():n}";
        return new Sample { RealmId = $"realm-{id}", Id = "first", Label = $"label-{id}" };
    }

    public Task InsertAsync(DatabaseSession session) => session.ExecuteAsync(
        InsertSql,
        new { RealmId, Id, Label, HappenedAt, Lifetime, Names, Details, Hash, kind = Kind?.ToString(), Enabled },
        CancellationToken.None);

    public static Task InsertEachAsync(DatabaseSession session, IEnumerable<Sample> samples) => session.ExecuteEachAsync(
        InsertSql,
        samples.Select(sample => new
        {
            sample.RealmId,
            sample.Id,
            sample.Label,
            sample.HappenedAt,
            sample.Lifetime,
            sample.Names,
            sample.Details,
            sample.Hash,
            kind = sample.Kind?.ToString(),
            sample.Enabled,
        }).ToArray(),
        CancellationToken.None);

    /// <summary>The row with this one's key, as it is stored.</summary>
    public Task<Sample?> FindAsync(DatabaseSession session) =>
        session.QuerySingleOrDefaultAsync<Sample>(FindSql, new { realmId = RealmId, id = Id }, CancellationToken.None);
}
