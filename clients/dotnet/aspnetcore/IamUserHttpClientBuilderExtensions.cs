using Pltfrms.Iam.Client;
using Pltfrms.Iam.Client.AspNetCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Gives the clients of <see cref="IHttpClientFactory"/> tokens for the caller of the current request.</summary>
public static class IamUserHttpClientBuilderExtensions
{
    /// <summary>Sends each request with a token that acts for the caller of the request that is being served (RFC 8693).</summary>
    public static IHttpClientBuilder AddIamUserToken(this IHttpClientBuilder builder, TokenRequest request)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(request);
        return builder.AddTokenHandler(provider =>
        {
            var tokens = provider.GetRequiredService<IamUserTokens>();
            return cancellationToken => tokens.GetAsync(request, cancellationToken);
        });
    }
}
