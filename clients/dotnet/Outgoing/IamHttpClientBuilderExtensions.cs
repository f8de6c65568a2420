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
        return builder.AddTokenHandler(provider =>
        {
            var tokens = provider.GetRequiredService<IamTokens>();
            return cancellationToken => tokens.GetAsync(request, cancellationToken);
        });
    }

    /// <summary>The factory replaces handlers every few minutes; what servers demanded stays known.</summary>
    internal static IHttpClientBuilder AddTokenHandler(this IHttpClientBuilder builder, Func<IServiceProvider, AccessTokenSource> source)
    {
        var nonces = new ServerNonces();
        return builder.AddHttpMessageHandler(provider => new IamTokenHandler(source(provider)) { Nonces = nonces });
    }
}
