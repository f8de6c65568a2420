using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pltfrms.Iam.Client;
using Wire = Pltfrms.Iam.Token.V1;

namespace Client.Tests;

public sealed class ModeTests
{
    private static readonly PermissionCheck Read = new()
    {
        Subject = PermissionSubject.AccessToken("the-token"),
        Permission = "invoices.read",
        OrganizationId = "acme",
        Mode = IamMode.Cached,
    };

    [Fact]
    public async Task An_answer_is_given_again_for_its_time_and_says_how_old_it_is()
    {
        await using var fixture = await CountingAsync();

        var first = await fixture.Iam.CheckPermissionAsync(Read, CancellationToken.None);
        fixture.Clock.Advance(TimeSpan.FromSeconds(4));
        var again = await fixture.Iam.CheckPermissionAsync(Read, CancellationToken.None);
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        var later = await fixture.Iam.CheckPermissionAsync(Read, CancellationToken.None);

        Assert.Equal((1L, 1L, 2L), (first.Revision, again.Revision, later.Revision));
        Assert.Equal(first.AnsweredAt, again.AnsweredAt);
        Assert.Equal(first.AnsweredAt + TimeSpan.FromSeconds(5), later.AnsweredAt);
    }

    [Fact]
    public async Task No_answer_outlives_its_token()
    {
        await using var fixture = await CountingAsync();
        var expiry = fixture.Clock.GetUtcNow() + TimeSpan.FromSeconds(2);
        fixture.Server.Introspect = (_, _) => Task.FromResult(new Wire.IntrospectTokenResponse
        {
            Active = fixture.Clock.GetUtcNow() < expiry,
            ExpireTime = Timestamp.FromDateTimeOffset(expiry),
        });
        fixture.Server.Check = (_, _) => Task.FromResult(fixture.Clock.GetUtcNow() < expiry
            ? new Wire.CheckPermissionResponse { Allowed = true, Reason = Wire.DecisionReason.Allowed }
            : new Wire.CheckPermissionResponse { Reason = Wire.DecisionReason.TokenInactive });

        Assert.True((await fixture.Iam.CheckPermissionAsync(Read, CancellationToken.None)).Allowed);
        fixture.Clock.Advance(TimeSpan.FromSeconds(2));
        var after = await fixture.Iam.CheckPermissionAsync(Read, CancellationToken.None);

        Assert.Equal((false, DecisionReason.TokenInactive), (after.Allowed, after.Reason));
    }

    [Fact]
    public async Task What_is_allowed_to_a_token_that_introspection_does_not_know_is_not_kept()
    {
        await using var fixture = await CountingAsync();
        fixture.Server.Introspect = (_, _) => Task.FromResult(new Wire.IntrospectTokenResponse());

        var first = await fixture.Iam.CheckPermissionAsync(Read, CancellationToken.None);
        var second = await fixture.Iam.CheckPermissionAsync(Read, CancellationToken.None);

        Assert.True(second.Allowed);
        Assert.NotEqual(first.Revision, second.Revision);
    }

    [Fact]
    public async Task An_answer_that_a_wrong_clock_would_keep_beyond_its_token_is_not_kept()
    {
        await using var fixture = await CountingAsync();
        fixture.Server.Introspect = (_, _) => Task.FromResult(new Wire.IntrospectTokenResponse
        {
            Active = true,
            // By the server's clock, which may be a minute ahead, it expires in this moment.
            ExpireTime = Timestamp.FromDateTimeOffset(fixture.Clock.GetUtcNow().AddMinutes(1)),
        });

        await fixture.Iam.CheckPermissionAsync(Read, CancellationToken.None);

        Assert.Equal(2L, (await fixture.Iam.CheckPermissionAsync(Read, CancellationToken.None)).Revision);
    }

    [Fact]
    public async Task A_later_revision_is_asked_for_and_kept()
    {
        await using var fixture = await CountingAsync();

        await fixture.Iam.CheckPermissionAsync(Read, CancellationToken.None);
        var later = await fixture.Iam.CheckPermissionAsync(Read with { MinRevision = 2 }, CancellationToken.None);
        var kept = await fixture.Iam.CheckPermissionAsync(Read, CancellationToken.None);

        Assert.Equal((2L, 2L), (later.Revision, kept.Revision));
    }

    [Fact]
    public async Task An_outage_is_not_kept_and_what_was_kept_is_not_given_beyond_its_time()
    {
        await using var fixture = await CountingAsync();
        await fixture.Iam.CheckPermissionAsync(Read, CancellationToken.None);
        var answer = fixture.Server.Check;
        fixture.Server.Check = (_, _) => throw Faults.Of(StatusCode.Unavailable, "STORAGE_UNAVAILABLE");
        fixture.Clock.Advance(TimeSpan.FromSeconds(6));

        await Assert.ThrowsAsync<IamUnavailableException>(() => fixture.Iam.CheckPermissionAsync(Read, CancellationToken.None));
        fixture.Server.Check = answer;

        Assert.Equal(2L, (await fixture.Iam.CheckPermissionAsync(Read, CancellationToken.None)).Revision);
    }

    [Fact]
    public async Task Answers_are_kept_apart_by_all_that_they_depend_on()
    {
        await using var fixture = await CountingAsync();
        PermissionCheck[] different =
        [
            Read,
            Read with { Subject = PermissionSubject.AccessToken("another") },
            Read with { Subject = PermissionSubject.User("the-token") },
            Read with { Subject = PermissionSubject.Client("the-token") },
            Read with { Permission = "invoices.create" },
            Read with { OrganizationId = "globex" },
            Read with { OrganizationId = null },
            Read with { Audience = "https://api.example" },
            Read with { SenderConstraintVerified = true },
            Read with { Context = new() { SourceAddress = "10.0.0.1" } },
            Read with { Context = new() { Acr = "mfa" } },
        ];

        foreach (var round in new[] { 1, 2 })
        {
            for (var i = 0; i < different.Length; i++)
            {
                Assert.Equal(i + 1L, (await fixture.Iam.CheckPermissionAsync(different[i], CancellationToken.None)).Revision);
            }
        }
    }

    [Fact]
    public async Task What_is_kept_is_bounded()
    {
        await using var fixture = await CountingAsync(options => options.MaxCachedAnswers = 4);
        for (var i = 0; i < 50; i++)
        {
            await fixture.Iam.CheckPermissionAsync(Read with { OrganizationId = $"o{i}" }, CancellationToken.None);
        }

        var asked = fixture.Server.Authorizations.Count;
        for (var i = 0; i < 50; i++)
        {
            await fixture.Iam.CheckPermissionAsync(Read with { OrganizationId = $"o{i}" }, CancellationToken.None);
        }

        Assert.InRange(fixture.Server.Authorizations.Count - asked, 46, 60);
    }

    [Fact]
    public async Task Checks_that_are_asked_at_one_moment_travel_together_and_each_gets_its_own_answer()
    {
        await using var fixture = await ClientFixture.StartAsync();
        var token = new TaskCompletionSource();
        fixture.Server.Issue = async (_, _) =>
        {
            await token.Task;
            return fixture.Server.NextToken();
        };
        List<int> sizes = [];
        fixture.Server.Batch = request =>
        {
            sizes.Add(request.Checks.Count);
            return new() { Results = { request.Checks.Select(check => new Wire.CheckPermissionResponse { Allowed = check.OrganizationId is "o7" }) } };
        };

        // While there is no token yet nothing leaves, so that all of these do at the same moment.
        var answers = Enumerable.Range(0, 50).Select(i => fixture.Iam.CheckPermissionAsync(
            Read with { Mode = IamMode.Remote, OrganizationId = $"o{i}" }, CancellationToken.None)).ToArray();
        token.SetResult();

        var allowed = (await Task.WhenAll(answers)).Index().Where(answer => answer.Item.Allowed).Select(answer => answer.Index);
        Assert.Equal([7], allowed);
        Assert.Equal([50], sizes);
    }

    [Fact]
    public async Task A_malformed_check_fails_alone()
    {
        await using var fixture = await ClientFixture.StartAsync();
        var token = new TaskCompletionSource();
        fixture.Server.Issue = async (_, _) =>
        {
            await token.Task;
            return fixture.Server.NextToken();
        };
        fixture.Server.Batch = _ => throw Faults.OfField("checks[1].permission", "must be noun.verb");
        fixture.Server.Check = (request, _) => request.Permission is "?"
            ? throw Faults.OfField("permission", "must be noun.verb")
            : Task.FromResult(new Wire.CheckPermissionResponse { Allowed = true });

        var good = fixture.Iam.CheckPermissionAsync(Read with { Mode = IamMode.Remote }, CancellationToken.None);
        var bad = fixture.Iam.CheckPermissionAsync(Read with { Mode = IamMode.Remote, Permission = "?" }, CancellationToken.None);
        token.SetResult();

        Assert.True((await good).Allowed);
        var fault = await Assert.ThrowsAsync<IamClientException>(() => bad);
        Assert.Equal([new IamFieldError("permission", "must be noun.verb")], fault.FieldErrors);
    }

    /// <summary>Each answer's revision is the number of checks that were asked for.</summary>
    private static async Task<ClientFixture> CountingAsync(Action<IamClientOptions>? configure = null)
    {
        var fixture = await ClientFixture.StartAsync(configure);
        var checks = 0;
        fixture.Server.Introspect = (_, _) => Task.FromResult(new Wire.IntrospectTokenResponse
        {
            Active = true,
            ExpireTime = Timestamp.FromDateTimeOffset(fixture.Clock.GetUtcNow().AddHours(1)),
            Revision = 100,
        });
        fixture.Server.Check = (_, _) => Task.FromResult(new Wire.CheckPermissionResponse { Allowed = true, Revision = ++checks });
        return fixture;
    }
}
