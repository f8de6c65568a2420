using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Pltfrms.Iam.Common.Certificates;

/// <summary>The names of a certificate besides its subject (RFC 5280 section 4.2.1.6).</summary>
public sealed class SubjectAlternativeNames
{
    private const string Oid = "2.5.29.17";
    private const int MostNames = 1_000;

    private static readonly Asn1Tag EmailTag = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag DnsTag = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);
    private static readonly Asn1Tag IpTag = new(TagClass.ContextSpecific, 7);

    private readonly List<string> _dns = [];
    private readonly List<string> _uris = [];
    private readonly List<IPAddress> _addresses = [];
    private readonly List<string> _emails = [];

    private SubjectAlternativeNames()
    {
    }

    /// <summary>Those that can be read; none where the extension is malformed or there more than once.</summary>
    public static SubjectAlternativeNames Of(X509Certificate2 certificate)
    {
        var names = new SubjectAlternativeNames();
        var extensions = certificate.Extensions.Where(extension => extension.Oid?.Value == Oid).ToList();
        if (extensions.Count != 1)
        {
            return names;
        }

        try
        {
            names.Read(extensions[0].RawData);
            return names;
        }
        catch (AsnContentException)
        {
            return new SubjectAlternativeNames();
        }
    }

    /// <summary>RFC 4343: in either case. A wildcard is no name of a client.</summary>
    public bool HasDns(string name) => _dns.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Character by character.</summary>
    public bool HasUri(string uri) => _uris.Contains(uri, StringComparer.Ordinal);

    public bool HasAddress(string address) => IPAddress.TryParse(address, out var wanted) && _addresses.Contains(wanted);

    /// <summary>RFC 5280 section 7.5: the host in either case, what is before it exactly.</summary>
    public bool HasEmail(string address)
    {
        var at = address.LastIndexOf('@');
        return at > 0 && _emails.Any(email =>
            email.Length == address.Length
            && string.Equals(email[..at], address[..at], StringComparison.Ordinal)
            && string.Equals(email[at..], address[at..], StringComparison.OrdinalIgnoreCase));
    }

    private void Read(byte[] extension)
    {
        var reader = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
        for (var count = 0; reader.HasData && count < MostNames; count++)
        {
            var tag = reader.PeekTag();
            if (tag == EmailTag)
            {
                _emails.Add(reader.ReadCharacterString(UniversalTagNumber.IA5String, EmailTag));
            }
            else if (tag == DnsTag)
            {
                _dns.Add(reader.ReadCharacterString(UniversalTagNumber.IA5String, DnsTag));
            }
            else if (tag == UriTag)
            {
                _uris.Add(reader.ReadCharacterString(UniversalTagNumber.IA5String, UriTag));
            }
            else if (tag == IpTag)
            {
                ReadAddress(reader.ReadOctetString(IpTag));
            }
            else
            {
                reader.ReadEncodedValue();
            }
        }
    }

    private void ReadAddress(byte[] bytes)
    {
        if (bytes.Length is 4 or 16)
        {
            _addresses.Add(new IPAddress(bytes));
        }
    }
}
