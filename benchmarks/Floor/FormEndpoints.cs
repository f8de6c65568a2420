using System.Security.Cryptography;
using System.Text;

namespace Benchmarks.Floor;

/// <summary>Read a form, answer 300 bytes of JSON: once as it is, once with one ES256 signature in it, as every access token has.</summary>
internal sealed class FormEndpoints : IDisposable
{
    private static readonly byte[] Plain =
        Encoding.UTF8.GetBytes($$"""{"access_token":"{{new string('x', 240)}}","token_type":"Bearer","expires_in":3600}""");

    private static readonly byte[] SigningInput = Encoding.UTF8.GetBytes(new string('a', 260));
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static async Task AnswerAsync(HttpContext context)
    {
        await DrainAsync(context.Request);
        await SendAsync(context.Response, Plain);
    }

    public async Task SignAsync(HttpContext context)
    {
        await DrainAsync(context.Request);
        var signature = Convert.ToBase64String(_key.SignData(SigningInput, HashAlgorithmName.SHA256));
        await SendAsync(
            context.Response,
            Encoding.UTF8.GetBytes($$"""{"access_token":"{{new string('x', 152)}}{{signature}}","token_type":"Bearer","expires_in":3600}"""));
    }

    public void Dispose() => _key.Dispose();

    private static async Task DrainAsync(HttpRequest request)
    {
        while (true)
        {
            var read = await request.BodyReader.ReadAsync();
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private static ValueTask SendAsync(HttpResponse response, byte[] json)
    {
        response.ContentType = "application/json";
        response.ContentLength = json.Length;
        return response.Body.WriteAsync(json);
    }
}
