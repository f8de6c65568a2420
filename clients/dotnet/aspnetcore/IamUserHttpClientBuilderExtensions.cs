using Pltfrms.Iam.Client;
using Pltfrms.Iam.Client.AspNetCore;
using Pltfrms.Iam.Client.Dpop;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Gives the clients of <see cref="IHttpClientFactory"/> tokens for the caller of the current request.</summary>
public static class IamUserHttpClientBuilderExtensions
{
    /// <summary>Sends each request with a token that acts for the caller of the request that is being served (RFC 8693).</summary>
    public static IHttpClientBuilder AddIamUserToken(this IHttpClientBuilder builder, TokenRequest request)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(request);
        // Handlers are replaced every few minutes.
        var nonces = new ServerNonces();
        return builder.AddHttpMessageHandler(provider =>
        {
            var tokens = provider.GetRequiredService<IamUserTokens>();
            return new IamTokenHandler(cancellationToken => tokens.GetAsync(request, cancellationToken)) { Nonces = nonces };
        });
    }
}
