using Pltfrms.Iam.RealmAdmin.Audit;
using Pltfrms.Iam.RealmAdmin.Changes;
using RealmAdmin.Tests.Storage;

namespace RealmAdmin.Tests.Audit;

/// <summary>The bytes that docs/audit.md defines. The hashes here are those of its Python program: a change of them breaks every chain there is.</summary>
public sealed class AuditChainTests
{
    private const string State = "{\"role_id\":\"r\",\"display_name\":\"Größe\"}";

    private static readonly ChangeLogRow Created = new()
    {
        RealmId = "demo",
        Revision = 1,
        Ordinal = 0,
        ChangedAt = Samples.Instant,
        Actor = "operator",
        ActorKind = "operator",
        ResourceKind = "role",
        ResourceId = "r",
        ChangeKind = "create",
        StateAfter = State,
    };

    private static readonly ChangeLogRow Deleted = Created with
    {
        Revision = 2,
        ChangedAt = new DateTimeOffset(2026, 3, 4, 6, 6, 8, TimeSpan.FromHours(1)),
        Actor = "alice",
        ActorKind = "token",
        ActorClientId = "cli",
        TokenId = "jti-1",
        ActChain = ["gateway", "batch"],
        CorrelationId = "4bf92f3577b34da6a3ce929d0e0e4736",
        ChangeKind = "delete",
        StateBefore = State,
        StateAfter = null,
    };

    [Fact]
    public void The_hashes_are_those_of_the_documented_bytes() => Assert.Equal(
        ["f3a3c37254dbc3fd2da5860d41499f05a4dd26ecfccbdb555bf17751403f39c4", "082a95b699e638c1fc66d42ba8dc3a7679b09aecc8dd58efce50e208ca2b05cc"],
        AuditChain.Extend(null, [Created, Deleted]).Select(row => row.Hash));

    [Fact]
    public void What_the_database_rounds_is_not_hashed() =>
        Assert.Equal(AuditChain.Hash(null, Created), AuditChain.Hash(null, Created with { ChangedAt = Created.ChangedAt.AddTicks(9) }));

    [Fact]
    public void Neighbouring_fields_cannot_lend_each_other_characters()
    {
        ChangeLogRow[] rows =
        [
            Deleted,
            Deleted with { Actor = "alic", ActorKind = "etoken" },
            Deleted with { ActorClientId = null, TokenId = "clijti-1" },
            Deleted with { ActorClientId = "", TokenId = "clijti-1" },
            Deleted with { ActChain = ["gatewaybatch"] },
            Deleted with { ActChain = ["gateway"], CorrelationId = "batch" },
            Deleted with { ActChain = [] },
            Deleted with { StateBefore = null, StateAfter = State },
        ];

        Assert.Equal(rows.Length, rows.Select(row => AuditChain.Hash(null, row)).Distinct().Count());
    }
}
