using Conformance.Tests.Running;
using Consent.Tests.Hosting;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Consent.Consents;
using Pltfrms.Iam.Consent.Dialog;

namespace Consent.Tests.Pipeline;

/// <summary>Every case of cases/, by the actions and over gRPC: each in a realm of its own.</summary>
public sealed class PipelineCaseTests(ConsentServiceFixture fixture) : IClassFixture<ConsentServiceFixture>
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Pipeline", "cases");

    private static readonly Dictionary<string, PipelineCase> Cases = Directory.EnumerateFiles(Folder, "*.yaml")
        .Order(StringComparer.Ordinal)
        .SelectMany(file => YamlDocument.Read<IReadOnlyList<PipelineCase>>(file)
            .Select(found => (Name: $"{Path.GetFileNameWithoutExtension(file)}: {found.Description}", Case: found)))
        .ToDictionary(found => found.Name, found => found.Case);

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public Task By_the_actions(string name) => RunAsync(Cases[name], new ActionCalls(fixture.Service));

    [Theory]
    [MemberData(nameof(Names))]
    public Task Over_gRPC(string name) => RunAsync(Cases[name], new GrpcCalls(fixture.Service));

    [Fact]
    public void There_are_enough_of_them_and_each_expects_something()
    {
        Assert.True(Cases.Count >= 120, $"{Cases.Count} cases");
        Assert.All(Cases.Values, found => Assert.NotEqual(found.Expect.Granted is null, found.Expect.Error is null));
    }

    private async Task RunAsync(PipelineCase found, PipelineCalls calls)
    {
        var realmId = $"case-{Guid.NewGuid():n}";
        fixture.Realms.Set(realmId, PipelineRealm.Of(realmId, found));
        if (found.Recorded is { } recorded)
        {
            await RecordAsync(found, recorded, realmId, calls);
        }

        string? reason = null;
        try
        {
            await AuthorizeAsync(found, realmId, calls);
        }
        catch (Exception refusal) when (calls.ReasonOf(refusal) is { } known)
        {
            reason = known;
        }

        Assert.Equal(found.Expect.Error, reason);
    }

    private static async Task AuthorizeAsync(PipelineCase found, string realmId, PipelineCalls calls)
    {
        var begun = await calls.StartAsync(RequestOf(found, realmId));
        IReadOnlyList<PipelineCalls.Shown> shown = begun.Challenge.Length > 0 ? await calls.ShownAsync(realmId, begun.Challenge) : [];
        string[] asked = [.. shown.Select(scope => scope.Scope)];
        if (found.Expect.Shown is { } texts)
        {
            Assert.Equal(texts.Select(text => new PipelineCalls.Shown(text.Key, text.Value, text.Value.Length == 0)), shown);
        }

        if (found.Expect.Asked is { } expected)
        {
            Assert.Equal(expected, asked);
        }

        var granted = begun.Granted;
        if (granted is null)
        {
            var answer = found.Answer ?? new CaseAnswer { Granted = asked.ToValueList() };
            await calls.SubmitAsync(DecisionOf(found, realmId, begun.Challenge, answer));
            granted = await calls.FinishAsync(realmId, begun.Challenge);
        }

        Assert.Equal(found.Expect.Granted, granted);
        var dropped = await calls.DroppedAsync(realmId, begun.AuthorizationId);
        Assert.All(found.Expect.Dropped, scope => Assert.Contains((scope.Key, scope.Value), dropped));
    }

    private static async Task RecordAsync(PipelineCase found, CaseRecord recorded, string realmId, PipelineCalls calls)
    {
        var request = RequestOf(found, realmId) with
        {
            Scopes = recorded.Scopes ?? [.. recorded.Granted, .. recorded.Denied],
            OrganizationId = recorded.OrganizationId,
            PromptConsent = true,
            PromptNone = false,
        };
        var begun = await calls.StartAsync(request);
        var answer = new CaseAnswer { Accepted = recorded.Granted.Count > 0, Granted = recorded.Granted };
        await calls.SubmitAsync(DecisionOf(found, realmId, begun.Challenge, answer));
    }

    private static ConsentRequest RequestOf(PipelineCase found, string realmId) => new()
    {
        RealmId = realmId,
        UserId = found.User,
        ClientId = PipelineRealm.ClientId,
        GrantType = found.Request.GrantType,
        Scopes = found.Request.Scopes,
        OrganizationId = found.Request.OrganizationId,
        Login = new LoginFacts
        {
            Acr = found.Request.Acr,
            Amr = found.Request.Amr,
            RoleIds = found.Request.LoginRoleIds,
            SourceAddress = found.Request.SourceAddress,
        },
        UiLocales = found.Request.UiLocales,
        PromptConsent = found.Request.PromptConsent,
        PromptNone = found.Request.PromptNone,
        ReturnUri = "https://client.example/back",
    };

    private static SubmittedDecision DecisionOf(PipelineCase found, string realmId, string challenge, CaseAnswer answer) => new()
    {
        RealmId = realmId,
        Challenge = challenge,
        UserId = found.User,
        Accepted = answer.Accepted,
        GrantedScopes = answer.Granted,
        Remember = true,
        Method = ConsentMethods.Grpc,
    };
}
