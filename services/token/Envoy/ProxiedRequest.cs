using System.Net;
using System.Text;
using Envoy.Config.Core.V3;
using Pltfrms.Iam.Common.Certificates;
using Pltfrms.Iam.Token.MutualTls;
using Wire = Envoy.Service.Auth.V3;

namespace Pltfrms.Iam.Token.Envoy;

/// <summary>A request that Envoy holds until it is decided about.</summary>
internal sealed class ProxiedRequest
{
    private const string DpopScheme = "DPoP";
    private const string BearerScheme = "Bearer";

    private readonly List<(string Name, string Value)> _headers;
    private readonly Wire.AttributeContext.Types.HttpRequest _http;
    private readonly Wire.AttributeContext.Types.Peer? _source;

    public ProxiedRequest(Wire.AttributeContext attributes)
    {
        _source = attributes.Source;
        _http = attributes.Request?.Http ?? new();
        _headers =
        [
            .. _http.Headers.Select(header => (header.Key.ToLowerInvariant(), header.Value)),
            .. (_http.HeaderMap?.Headers ?? []).Select(header => (header.Key.ToLowerInvariant(), TextOf(header))),
        ];
    }

    public string Target => _http.Path;

    public IEnumerable<string> HeaderNames => _headers.Select(header => header.Name);

    /// <summary>Where the request comes from, by what Envoy is configured to believe; null: unknown.</summary>
    public IPAddress? SourceAddress =>
        !IPAddress.TryParse(_source?.Address?.SocketAddress?.Address, out var address) ? null
        : address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : address;

    /// <summary>A header's value; null: it is not there. Several of one name are one with commas, which no credential has.</summary>
    public string? Header(string name)
    {
        List<string> values = [.. _headers.Where(header => header.Name == name).Select(header => header.Value)];
        return values.Count == 0 ? null : string.Join(',', values);
    }

    /// <summary>The access token and how it was presented; null: the request has none (RFC 6750 section 2.1, RFC 9449 section 7.1).</summary>
    public PresentedToken? Token(string? publicAddress)
    {
        if (Header("authorization") is not { } authorization)
        {
            return null;
        }

        var space = authorization.IndexOf(' ', StringComparison.Ordinal);
        var scheme = space < 0 ? authorization : authorization[..space];
        var isDpop = scheme.Equals(DpopScheme, StringComparison.OrdinalIgnoreCase);
        if (!isDpop && !scheme.Equals(BearerScheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var presentation = new TokenPresentation
        {
            // RFC 9449 section 7.2: a bound token that comes as Bearer is not taken, whatever comes with it.
            DpopProof = isDpop ? Header("dpop") : null,
            HttpMethod = _http.Method,
            HttpUri = AddressOf(publicAddress),
            CertificateThumbprint = CertificateThumbprintOf(_source?.Certificate),
        };
        return new(space < 0 ? "" : authorization[(space + 1)..].Trim(' '), presentation, LacksProof: isDpop && presentation.DpopProof is null);
    }

    private string AddressOf(string? publicAddress)
    {
        var end = _http.Path.AsSpan().IndexOfAny('?', '#');
        var path = end < 0 ? _http.Path : _http.Path[..end];
        return $"{publicAddress ?? $"{_http.Scheme}://{_http.Host}"}{path}";
    }

    private static string? CertificateThumbprintOf(string? certificate)
    {
        if (string.IsNullOrEmpty(certificate))
        {
            return null;
        }

        using var read = ForwardedCertificate.Read(certificate);
        return read is null ? null : CertificateThumbprint.Of(read);
    }

    private static string TextOf(HeaderValue header) =>
        header.RawValue.IsEmpty ? header.Value : Encoding.Latin1.GetString(header.RawValue.Span);
}

/// <param name="AccessToken">Sensitive.</param>
/// <param name="Presentation">How it came.</param>
/// <param name="LacksProof">Whether its scheme asks for a proof that there is not.</param>
internal sealed record PresentedToken(string AccessToken, TokenPresentation Presentation, bool LacksProof)
{
    /// <summary>Without the token, for a log that prints the record after all.</summary>
    public override string ToString() => "PresentedToken";
}
