using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Consent.Consents;
using Pltfrms.Iam.Errors.V1;

namespace Consent.Tests.Consents;

/// <summary>Pages of decisions, and page tokens that are not what they should be.</summary>
public sealed class ListConsentsTests(SqliteConsentDatabase fixture) : IClassFixture<SqliteConsentDatabase>
{
    private readonly ConsentStore _consents = new();
    private readonly string _user = Guid.CreateVersion7().ToString();

    private ListConsents List => new(fixture.Database, _consents);

    [Fact]
    public async Task Pages_hold_everything_once_and_the_last_has_no_token()
    {
        await SaveAsync("a", "b", "c", "d", "e");

        List<string> seen = [];
        var sizes = new List<int>();
        var token = "";
        do
        {
            var page = await List.RunAsync("demo", _user, "", 2, token, CancellationToken.None);
            seen.AddRange(page.Consents.Select(c => c.Scope));
            sizes.Add(page.Consents.Count);
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        Assert.Equal(["a", "b", "c", "d", "e"], seen);
        Assert.Equal([2, 2, 1], sizes);
    }

    [Fact]
    public async Task A_page_token_of_another_query_is_refused()
    {
        await SaveAsync("a", "b");
        var token = (await List.RunAsync("demo", _user, "", 1, "", CancellationToken.None)).NextPageToken;

        await AssertRefusedAsync(ErrorReason.InvalidPageToken, () => List.RunAsync("demo", "somebody-else", "", 1, token, CancellationToken.None));
        await AssertRefusedAsync(ErrorReason.InvalidPageToken, () => List.RunAsync("other", _user, "", 1, token, CancellationToken.None));
        await AssertRefusedAsync(ErrorReason.InvalidPageToken, () => List.RunAsync("demo", _user, "web", 1, token, CancellationToken.None));
    }

    [Theory]
    [InlineData("!")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public Task A_page_token_that_is_none_is_refused(string token) =>
        AssertRefusedAsync(ErrorReason.InvalidPageToken, () => List.RunAsync("demo", _user, "", 1, token, CancellationToken.None));

    [Theory]
    [InlineData("", 0, "user_id", "must name a user")]
    [InlineData("alice", -1, "page_size", "must be 0 to 1000")]
    [InlineData("alice", 1001, "page_size", "must be 0 to 1000")]
    public async Task A_wrong_field_is_named(string userId, int pageSize, string field, string description)
    {
        var refusal = await AssertRefusedAsync(
            ErrorReason.InvalidArgument, () => List.RunAsync("demo", userId, "", pageSize, "", CancellationToken.None));

        Assert.Equal([new FieldViolation(field, description)], refusal.Violations);
    }

    private static async Task<IamException> AssertRefusedAsync(ErrorReason reason, Func<Task> call)
    {
        var refusal = await Assert.ThrowsAsync<IamException>(call);
        Assert.Equal(reason, refusal.Reason);
        return refusal;
    }

    private async Task SaveAsync(params string[] scopes)
    {
        await using var session = await fixture.Database.BeginWriteAsync(CancellationToken.None);
        foreach (var scope in scopes)
        {
            var consent = new ConsentRecord
            {
                RealmId = "demo",
                UserId = _user,
                ClientId = "web",
                Scope = scope,
                Decision = ConsentDecision.Granted,
                DecidedAt = TimeProvider.System.GetUtcNow(),
            };
            await _consents.SaveAsync(session, consent, CancellationToken.None);
        }

        await session.CommitAsync(CancellationToken.None);
    }
}
