using System.Security.Cryptography;
using System.Text;

namespace Benchmarks.Floor;

/// <summary>Read a form, answer 300 bytes of JSON: once as it is, once with one ES256 signature in it, as every access token has, and once after verifying another, as of a client.</summary>
internal sealed class FormEndpoints : IDisposable
{
    private static readonly byte[] Plain =
        Encoding.UTF8.GetBytes($$"""{"access_token":"{{new string('x', 240)}}","token_type":"Bearer","expires_in":3600}""");

    private static readonly byte[] SigningInput = Encoding.UTF8.GetBytes(new string('a', 260));
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _clientKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _clientSignature;

    public FormEndpoints() => _clientSignature = _clientKey.SignData(SigningInput, HashAlgorithmName.SHA256);

    public static async Task AnswerAsync(HttpContext context)
    {
        await DrainAsync(context.Request);
        await SendAsync(context.Response, Plain);
    }

    public async Task SignAsync(HttpContext context)
    {
        await DrainAsync(context.Request);
        await SendSignedAsync(context.Response);
    }

    public async Task VerifyAndSignAsync(HttpContext context)
    {
        await DrainAsync(context.Request);
        if (!_clientKey.VerifyData(SigningInput, _clientSignature, HashAlgorithmName.SHA256))
        {
            throw new CryptographicException("The signature was good when it was made.");
        }

        await SendSignedAsync(context.Response);
    }

    private ValueTask SendSignedAsync(HttpResponse response)
    {
        var signature = Convert.ToBase64String(_key.SignData(SigningInput, HashAlgorithmName.SHA256));
        return SendAsync(
            response,
            Encoding.UTF8.GetBytes($$"""{"access_token":"{{new string('x', 152)}}{{signature}}","token_type":"Bearer","expires_in":3600}"""));
    }

    public void Dispose()
    {
        _key.Dispose();
        _clientKey.Dispose();
    }

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
