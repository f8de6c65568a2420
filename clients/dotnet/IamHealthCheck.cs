using Microsoft.Extensions.Diagnostics.HealthChecks;
using Pltfrms.Iam.Client.Feeds;

namespace Pltfrms.Iam.Client;

/// <summary>
/// Asks the token service one question that <see cref="IamClientOptions.CallScopes"/> cover, with this application's own token: address, realm,
/// credentials and permission are right. Where the realm is followed, it tells how old what the streams brought may be, too: without them answers are right and slow.
/// </summary>
internal sealed class IamHealthCheck(IamClient iam) : IHealthCheck
{
    /// <summary>No token of any realm: the answer, whatever its content, is all that is wanted.</summary>
    private const string NoToken = "health";

    private const string CallScopes = $"{IamClientOptions.SectionName}:{nameof(IamClientOptions.CallScopes)}";

    /// <summary>Other scopes may stand for either: these clients introspect.</summary>
    private bool AsksPermissionsOnly =>
        iam.Options.CallScopes.Contains(TokenRequest.CheckScope) && !iam.Options.CallScopes.Contains(TokenRequest.IntrospectScope);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            await AskAsync(cancellationToken);
            return iam.Feeds.IsStarted ? Followed(iam.Feeds)
                : AsksPermissionsOnly ? HealthCheckResult.Healthy($"asks for permissions only, as {CallScopes} has it")
                : HealthCheckResult.Healthy();
        }
        catch (IamClientException fault)
        {
            return new(context.Registration.FailureStatus, fault.Message);
        }
    }

    private Task AskAsync(CancellationToken cancellationToken) => AsksPermissionsOnly
        ? iam.ListPermissionsAsync(new() { Subject = PermissionSubject.AccessToken(NoToken) }, cancellationToken)
        : iam.IntrospectAsync(NoToken, minRevision: 0, IamMode.Remote, cancellationToken);

    private static HealthCheckResult Followed(DecisionFeeds feeds)
    {
        var now = feeds.Clock.Now;
        var data = new Dictionary<string, object>();
        Describe(data, feeds.Realm.Name, feeds.Realm.Pulse.Age(now));
        Describe(data, feeds.Revocations.Name, feeds.Revocations.Pulse.Age(now));
        var fault = feeds.Realm.Fault ?? feeds.Revocations.Fault ?? feeds.Keys.Fault ?? Missing(feeds, now);
        return feeds.AreFresh(now) && feeds.Keys.Current is not null
            ? HealthCheckResult.Healthy("decides in this process", data)
            : HealthCheckResult.Degraded($"asks for every decision: {fault}", exception: null, data);
    }

    /// <summary>Where nothing has failed.</summary>
    private static string Missing(DecisionFeeds feeds, long now) =>
        feeds.AreFresh(now) ? "the realm's keys have not been read yet"
        : feeds.Realm.Pulse.Age(now) is null || feeds.Revocations.Pulse.Age(now) is null ? "the streams have not begun yet"
        : $"the streams are older than {IamClientOptions.SectionName}:{nameof(IamClientOptions.FeedStaleAfter)} ({feeds.Realm.Pulse.StaleAfter})";

    private static void Describe(Dictionary<string, object> data, string feed, TimeSpan? age)
    {
        if (age is { } known)
        {
            data[$"{feed} age"] = known;
        }
    }
}
