using Pltfrms.Iam.Client;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the connection to the IAM suite to an application's health.</summary>
public static class IamHealthCheckExtensions
{
    /// <summary>Adds the check <c>pltfrms-iam</c>: whether the token service answers this application. Its description names the setting that is wrong.</summary>
    public static IHealthChecksBuilder AddPltfrmsIam(this IHealthChecksBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddPltfrmsIam();
        return builder.AddCheck<IamHealthCheck>("pltfrms-iam");
    }
}
