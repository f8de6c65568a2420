using Grpc.AspNetCore.Server;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pltfrms.Iam.Client.AspNetCore.Grpc;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Protects gRPC services.</summary>
public static class IamGrpcExtensions
{
    /// <summary>
    /// Lets <see cref="Pltfrms.Iam.Client.AspNetCore.RequirePermissionAttribute.OrganizationField"/> name a field of the request,
    /// and answers outages of the suite that a method runs into with <c>UNAVAILABLE</c>.
    /// </summary>
    public static IGrpcServerBuilder AddPltfrmsIam(this IGrpcServerBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<GrpcProtection>();
        builder.Services.Configure<GrpcServiceOptions>(static options => options.Interceptors.Add<IamServerInterceptor>());
        return builder;
    }
}
