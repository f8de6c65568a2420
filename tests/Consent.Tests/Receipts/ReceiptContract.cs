using Consent.Tests.Consents;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Consent.Consents;
using Pltfrms.Iam.Consent.Receipts;
using Testing;
using Testing.Databases;

namespace Consent.Tests.Receipts;

/// <summary>Receipts on either engine: a chain without gaps, also where many write at once, whole after a user is erased.</summary>
public abstract class ReceiptContract(TestDatabase fixture)
{
    private static readonly ConsentActor Self = ConsentActor.User(ConsentMethods.LocalPage);

    private readonly string _realm = $"realm-{Guid.NewGuid():n}";
    private readonly ReceiptStore _receipts = new();

    [StorageFact]
    public async Task A_receipt_comes_back_as_it_was_written()
    {
        await WriteAsync("alice", Self, "a", "b");
        await WriteAsync("bob", new ConsentActor(ConsentMethods.Administrator, "carol"), "a");

        var receipt = Assert.Single(await OfAsync("alice"));

        Assert.Equal((1L, "local_page", ""), (receipt.Sequence, receipt.Method, receipt.ActorId));
        Assert.Equal(new FakeClock().GetUtcNow(), receipt.RecordedAt);
        Assert.Equal(["a", "b"], ReceiptLine.Read(receipt.Consents).Select(line => line.Scope));
        Assert.Equal(ReceiptChain.SubjectOf(receipt.Salt!, "alice"), receipt.Subject);
        Assert.Equal(("administrator", "carol"), ((await OfAsync("bob"))[0].Method, (await OfAsync("bob"))[0].ActorId));
    }

    [StorageFact]
    public async Task Many_who_write_at_once_make_one_chain_without_gaps()
    {
        const int Writers = 24;

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(i => Task.Run(() => WriteAsync($"user-{i % 3}", Self, $"s{i}"))));

        var all = await AllAsync();
        Assert.Equal(Enumerable.Range(1, Writers).Select(i => (long)i), all.Select(receipt => receipt.Sequence));
        Assert.Equal(Writers, all.SelectMany(receipt => ReceiptLine.Read(receipt.Consents)).Select(line => line.Scope).Distinct().Count());
        AssertWhole(all);
    }

    [StorageFact]
    public async Task What_is_not_committed_leaves_no_gap()
    {
        await WriteAsync("alice", Self, "a");
        await using (var session = await fixture.Database.BeginWriteAsync(CancellationToken.None))
        {
            await new WriteReceipt(_receipts, new FakeClock()).RunAsync(session, _realm, "alice", Self, [Line("lost")], CancellationToken.None);
        }

        await WriteAsync("alice", Self, "b");

        Assert.Equal([1L, 2L], (await AllAsync()).Select(receipt => receipt.Sequence));
        AssertWhole(await AllAsync());
    }

    [StorageFact]
    public async Task An_erased_user_is_named_nowhere_and_the_chain_stays_whole()
    {
        await WriteAsync("alice", Self, "a");
        await WriteAsync("bob", Self, "a");
        await using (var session = await fixture.Database.BeginWriteAsync(CancellationToken.None))
        {
            await _receipts.EraseUserAsync(session, _realm, "alice", CancellationToken.None);
            await session.CommitAsync(CancellationToken.None);
        }

        Assert.Empty(await OfAsync("alice"));
        var all = await AllAsync();
        Assert.Equal((null, null), (all[0].UserId, all[0].Salt));
        Assert.DoesNotContain("alice", string.Join('\n', all.Select(receipt => receipt.ToString())), StringComparison.Ordinal);
        AssertWhole(all);
    }

    public static TheoryData<string, Func<Receipt, Receipt>> Forgeries => new()
    {
        { "another decision", receipt => receipt with { Consents = receipt.Consents.Replace("granted", "denied", StringComparison.Ordinal) } },
        { "another time", receipt => receipt with { RecordedAt = receipt.RecordedAt.AddSeconds(1) } },
        { "another user", receipt => receipt with { Subject = ReceiptChain.SubjectOf("00", "mallory") } },
        { "another way", receipt => receipt with { Method = ConsentMethods.Remote } },
        { "somebody else", receipt => receipt with { ActorId = "mallory" } },
        { "another number", receipt => receipt with { Sequence = 7 } },
        { "another realm", receipt => receipt with { RealmId = "other" } },
    };

    [StorageTheory]
    [MemberData(nameof(Forgeries))]
    public async Task Whatever_is_changed_breaks_the_chain(string what, Func<Receipt, Receipt> forge)
    {
        Assert.NotEmpty(what);
        await WriteAsync("alice", Self, "a");
        await WriteAsync("alice", Self, "b");
        var verifier = new ReceiptVerifier(_realm);
        var all = await AllAsync();

        var fault = verifier.Next(forge(all[0]));

        Assert.NotNull(fault);
        Assert.Null(new ReceiptVerifier(_realm).Next(all[0]));
        Assert.NotNull(new ReceiptVerifier(_realm).Next(all[1]));
    }

    [StorageFact]
    public async Task A_chain_that_has_grown_is_anchored_once()
    {
        await WriteAsync("alice", Self, "a");
        await WriteAsync("alice", Self, "b");
        await using var session = await fixture.Database.BeginWriteAsync(CancellationToken.None);

        var head = Assert.Single(await _receipts.ListUnanchoredAsync(session, CancellationToken.None), head => head.RealmId == _realm);
        Assert.Equal((2L, (await AllAsync())[1].Hash, 0L), (head.Sequence, head.Hash, head.AnchoredSequence));
        await _receipts.AnchoredAsync(session, _realm, 2, CancellationToken.None);
        Assert.DoesNotContain(await _receipts.ListUnanchoredAsync(session, CancellationToken.None), head => head.RealmId == _realm);
    }

    private void AssertWhole(IReadOnlyList<Receipt> receipts)
    {
        var verifier = new ReceiptVerifier(_realm);
        Assert.All(receipts, receipt => Assert.Null(verifier.Next(receipt)));
        Assert.Equal(receipts[^1].Hash, verifier.Head);
    }

    private async Task WriteAsync(string userId, ConsentActor actor, params string[] scopes)
    {
        await using var session = await fixture.Database.BeginWriteAsync(CancellationToken.None);
        await new WriteReceipt(_receipts, new FakeClock()).RunAsync(session, _realm, userId, actor, scopes.Select(Line), CancellationToken.None);
        await session.CommitAsync(CancellationToken.None);
    }

    private async Task<IReadOnlyList<Receipt>> AllAsync()
    {
        await using var session = await fixture.Database.OpenAsync(CancellationToken.None);
        return await _receipts.ReadAsync(session, _realm, 0, 1000, CancellationToken.None);
    }

    private async Task<IReadOnlyList<Receipt>> OfAsync(string userId)
    {
        await using DatabaseSession session = await fixture.Database.OpenAsync(CancellationToken.None);
        return await _receipts.ListAsync(session, _realm, userId, 0, 1000, CancellationToken.None);
    }

    private static ReceiptLine Line(string scope) => new()
    {
        ClientId = "web",
        OrganizationId = "",
        Scope = scope,
        Decision = ConsentDecision.Granted,
        Remembered = true,
        TextLanguage = "de",
        TextVersion = new string('a', 64),
    };
}

public sealed class SqliteReceiptTests(SqliteConsentDatabase fixture) : ReceiptContract(fixture), IClassFixture<SqliteConsentDatabase>;

[NeedsPostgres]
public sealed class PostgresReceiptTests(PostgresConsentDatabase fixture) : ReceiptContract(fixture), IClassFixture<PostgresConsentDatabase>;
