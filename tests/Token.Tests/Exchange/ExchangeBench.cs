using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Exchange;
using Pltfrms.Iam.Token.Grants;
using Pltfrms.Iam.Token.Tokens;
using Testing;
using Token.Tests.Hosting;

namespace Token.Tests.Exchange;

/// <summary>A token service with two clients that exchange, an audit that can fail, and tokens of users made without their logins.</summary>
public sealed class ExchangeBench : IAsyncLifetime, IImpersonationAudit
{
    public const string AccessTokenType = "urn:ietf:params:oauth:token-type:access_token";

    private readonly SqliteTokenDatabase _database = new();
    private long _revision;

    public FakeClock Clock { get; } = new();

    internal TestRealmFeed Realms { get; } = new();

    internal TokenReplica Service { get; private set; } = null!;

    /// <summary>What was written down: who as whom, by which rule.</summary>
    public List<(string Client, string Subject, string Rule)> Audited { get; } = [];

    public bool AuditIsDown { get; set; }

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        await SetAsync(new TokenExchangeSettings { Rules = [new() { Name = "anything" }] });
        Realms.Set("other", TestRealm.Resources("other"));
        Service = await TokenReplica.StartAsync(_database.Settings, Realms, Clock, new Authorization.TestConsent(), ServiceDescriptor.Singleton<IImpersonationAudit>(this));
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await _database.DisposeAsync();
    }

    public Task RecordAsync(ExchangeRequest exchange, TokenExchangeRule rule, IssuedToken issued, CancellationToken cancellationToken)
    {
        if (AuditIsDown)
        {
            throw new IamException(ErrorReason.ServiceUnavailable, "The audit cannot be written.");
        }

        Audited.Add((exchange.Client.ClientId, exchange.Subject.Subject.Id, rule.Name));
        return Task.CompletedTask;
    }

    /// <summary>The realm of the tests with these rules and changes, as of now.</summary>
    public async Task SetAsync(TokenExchangeSettings settings, params IRealmResource[] changes)
    {
        var resources = TestRealm.Resources(TestRealm.Id).ToDictionary(resource => (resource.Kind, resource.Id));
        var realm = (Realm)resources[(ResourceKind.Realm, TestRealm.Id)];
        foreach (var change in Machines().Append(realm with { TokenExchange = settings }).Concat(changes))
        {
            resources[(change.Kind, change.Id)] = change;
        }

        _revision = Realms.Set(TestRealm.Id, [.. resources.Values]);
        if (Service is not null)
        {
            await Service.ReachAsync(TestRealm.Id, _revision);
        }
    }

    public Task SetAsync(params TokenExchangeRule[] rules) => SetAsync(new TokenExchangeSettings { Rules = [.. rules] });

    public static Client Machine(string clientId) => TestRealm.Client(TestRealm.Id, clientId, ["invoices.read", "invoices.create", "files.read"], TestRealm.ServiceSecret)
        with
    { GrantTypes = ["client_credentials", TokenExchangeGrant.Name] };

    public static Client Web { get; } = Machine("demo-web") with
    {
        ClientType = ClientType.Web,
        Scopes = ["invoices.read", "invoices.create", "files.read", "bookkeeping"],
    };

    /// <summary>A token as the code flow would have made it for demo-web.</summary>
    public async Task<string> UserTokenAsync(string userId, string? organizationId, params string[] scopes)
    {
        var realm = await Find<RealmSnapshots>().GetAsync(TestRealm.Id, _revision, CancellationToken.None);
        var issued = await Find<AccessTokenIssuer>().IssueAsync(
            realm,
            realm.FindClient("demo-web")!,
            new GrantedAccess
            {
                Subject = Principal.User(userId),
                Scopes = scopes,
                Audiences = TargetedScopes.AtAll(realm, scopes).Audiences,
                OrganizationId = organizationId,
                GrantId = Guid.CreateVersion7(Clock.GetUtcNow()).ToString("N"),
            },
            CancellationToken.None);
        return issued.AccessToken;
    }

    /// <summary>The answer of the token endpoint to an exchange.</summary>
    public async Task<JsonElement> TryAsync(string clientId, string subjectToken, params (string Name, string Value)[] parameters)
    {
        var names = parameters.Select(parameter => parameter.Name).ToHashSet();
        (string Name, string Value)[] usual =
        [
            ("grant_type", TokenExchangeGrant.Name), ("subject_token", subjectToken), ("subject_token_type", AccessTokenType),
        ];
        using var response = await Service.PostAsync(
            $"/realms/{TestRealm.Id}/oauth2/token",
            TokenReplica.Basic(clientId, TestRealm.ServiceSecret),
            [.. usual.Where(parameter => !names.Contains(parameter.Name)), .. parameters]);
        return await TokenReplica.JsonAsync(response);
    }

    /// <summary>The new token.</summary>
    public async Task<string> ExchangeAsync(string clientId, string subjectToken, params (string Name, string Value)[] parameters)
    {
        var answer = await TryAsync(clientId, subjectToken, parameters);
        Assert.True(answer.TryGetProperty("access_token", out var token), answer.GetRawText());
        return token.GetString()!;
    }

    public async Task<string> RefusalAsync(string clientId, string subjectToken, params (string Name, string Value)[] parameters)
    {
        var answer = await TryAsync(clientId, subjectToken, parameters);
        return answer.TryGetProperty("error", out var error) ? error.GetString()! : answer.GetRawText();
    }

    public async Task<JsonElement> IntrospectAsync(string token) => JsonDocument.Parse(await Service.IntrospectAsync(TestRealm.Id, token)).RootElement;

    public async Task<bool> IsActiveAsync(string token) => (await IntrospectAsync(token)).GetProperty("active").GetBoolean();

    private T Find<T>()
        where T : notnull => Service.Services.GetRequiredService<T>();

    private static IEnumerable<IRealmResource> Machines() => [Web, Machine("service-a"), Machine("service-b"), Machine("service-c")];
}
