using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Pltfrms.Iam.Client;

/// <summary>Asks the token service one question, with this application's own token: address, realm, credentials and permission are right.</summary>
internal sealed class IamHealthCheck(IamClient iam) : IHealthCheck
{
    /// <summary>No token of any realm: the answer, whatever its content, is all that is wanted.</summary>
    private const string NoToken = "health";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            await iam.IntrospectAsync(NoToken, minRevision: 0, IamMode.Remote, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (IamClientException fault)
        {
            return new(context.Registration.FailureStatus, fault.Message);
        }
    }
}
