using Pltfrms.Iam.Client;
using Pltfrms.Iam.Client.Dpop;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Gives the clients of <see cref="IHttpClientFactory"/> access tokens.</summary>
public static class IamHttpClientBuilderExtensions
{
    /// <summary>Sends each request with a token of this application's own.</summary>
    public static IHttpClientBuilder AddIamToken(this IHttpClientBuilder builder, TokenRequest request)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(request);
        // Handlers are replaced every few minutes.
        var nonces = new ServerNonces();
        return builder.AddHttpMessageHandler(provider =>
        {
            var tokens = provider.GetRequiredService<IamTokens>();
            return new IamTokenHandler(cancellationToken => tokens.GetAsync(request, cancellationToken)) { Nonces = nonces };
        });
    }
}
