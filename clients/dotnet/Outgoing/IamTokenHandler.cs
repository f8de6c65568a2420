using System.Net;
using System.Net.Http.Headers;

namespace Pltfrms.Iam.Client;

/// <summary>
/// Sends each request of an <see cref="HttpClient"/> with an access token, renewed in time. One that the server refuses although
/// it has not expired is replaced, and a request whose content can be sent again is sent once more.
/// </summary>
public sealed class IamTokenHandler(AccessTokenSource source) : DelegatingHandler
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var token = await source(cancellationToken);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized || !token.TryReplace() || request.Content is not (null or ByteArrayContent))
        {
            return response;
        }
        response.Dispose();
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await source(cancellationToken)).Value);
        return await base.SendAsync(request, cancellationToken);
    }
}
