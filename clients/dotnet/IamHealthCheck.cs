using Microsoft.Extensions.Diagnostics.HealthChecks;
using Pltfrms.Iam.Client.Feeds;

namespace Pltfrms.Iam.Client;

/// <summary>
/// Asks the token service one question, with this application's own token: address, realm, credentials and permission are right. Where the realm is
/// followed, it tells how old what the streams brought may be, too: without them answers are right and slow.
/// </summary>
internal sealed class IamHealthCheck(IamClient iam) : IHealthCheck
{
    /// <summary>No token of any realm: the answer, whatever its content, is all that is wanted.</summary>
    private const string NoToken = "health";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            await iam.IntrospectAsync(NoToken, minRevision: 0, IamMode.Remote, cancellationToken);
            return iam.Feeds.IsStarted ? Followed(iam.Feeds) : HealthCheckResult.Healthy();
        }
        catch (IamClientException fault)
        {
            return new(context.Registration.FailureStatus, fault.Message);
        }
    }

    private static HealthCheckResult Followed(DecisionFeeds feeds)
    {
        var now = feeds.Clock.Now;
        var data = new Dictionary<string, object>();
        Describe(data, feeds.Realm.Name, feeds.Realm.Pulse.Age(now));
        Describe(data, feeds.Revocations.Name, feeds.Revocations.Pulse.Age(now));
        var fault = feeds.Realm.Fault ?? feeds.Revocations.Fault ?? feeds.Keys.Fault;
        return feeds.AreFresh(now) && feeds.Keys.Current is not null
            ? HealthCheckResult.Healthy("decides in this process", data)
            : HealthCheckResult.Degraded($"asks for every decision: {fault ?? "the streams have not begun yet"}", exception: null, data);
    }

    private static void Describe(Dictionary<string, object> data, string feed, TimeSpan? age)
    {
        if (age is { } known)
        {
            data[$"{feed} age"] = known;
        }
    }
}
