using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Pltfrms.Iam.Client.Dpop;

namespace Pltfrms.Iam.Client;

/// <summary>
/// Sends each request of an <see cref="HttpClient"/> with an access token, renewed in time, and with a DPoP proof where the token is bound to a key. A
/// request that the server refuses although the token has not expired, or because it wants a nonce in the proof (RFC 9449 section 9), is sent once
/// more where its content can be sent again: bytes, text, forms and JSON can, streams cannot. A refused token is replaced. What
/// <see cref="HttpClient.Send(HttpRequestMessage)"/> sends is refused, as a token may have to be waited for.
/// </summary>
public sealed class IamTokenHandler(AccessTokenSource source) : DelegatingHandler
{
    /// <summary>What servers demanded; shared by handlers that replace each other.</summary>
    internal ServerNonces Nonces { get; init; } = new();

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always.</exception>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A token may have to be waited for: use SendAsync, as nothing is sent without one.");

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var token = await source(cancellationToken);
        var response = await SendAsync(request, token, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized
            || !(ServerNonces.AreDemandedBy(response) || token.TryReplace())
            || !CanBeSentAgain(request.Content))
        {
            return response;
        }
        response.Dispose();
        return await SendAsync(request, await source(cancellationToken), cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, AccessToken token, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue(token.Scheme, token.Value);
        request.Headers.Remove(DpopProofs.Scheme);
        if (!token.IsBound)
        {
            return await base.SendAsync(request, cancellationToken);
        }
        var address = request.RequestUri!;
        request.Headers.TryAddWithoutValidation(DpopProofs.Scheme, token.Prove(request.Method.Method, address, Nonces.Of(address)));
        var response = await base.SendAsync(request, cancellationToken);
        Nonces.Remember(address, response);
        return response;
    }

    private static bool CanBeSentAgain(HttpContent? content) => content switch
    {
        null or ByteArrayContent or ReadOnlyMemoryContent => true,
        // A sequence that is waited for may come only once.
        JsonContent json => json.Value?.GetType().GetInterfaces().Any(IsAwaitedSequence) != true,
        _ => false,
    };

    private static bool IsAwaitedSequence(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>);
}
