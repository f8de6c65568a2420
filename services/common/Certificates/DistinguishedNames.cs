using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Pltfrms.Iam.Common.Certificates;

/// <summary>
/// Distinguished names in one spelling, so that a registered text (RFC 4514) and a certificate's subject compare as X.520's distinguishedNameMatch has it:
/// the same attributes in the same order, letters of ASCII in either case, and runs of spaces as one.
/// </summary>
public static class DistinguishedNames
{
    private const int MostParts = 50;

    // RFC 4514 section 3, and what else stands in subjects.
    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["CN"] = "2.5.4.3",
        ["SERIALNUMBER"] = "2.5.4.5",
        ["C"] = "2.5.4.6",
        ["L"] = "2.5.4.7",
        ["ST"] = "2.5.4.8",
        ["STREET"] = "2.5.4.9",
        ["O"] = "2.5.4.10",
        ["OU"] = "2.5.4.11",
        ["ORGANIZATIONIDENTIFIER"] = "2.5.4.97",
        ["DC"] = "0.9.2342.19200300.100.1.25",
        ["UID"] = "0.9.2342.19200300.100.1.1",
        ["EMAILADDRESS"] = "1.2.840.113549.1.9.1",
    };

    /// <summary>A text's spelling; null: it is no distinguished name, or the empty one.</summary>
    public static string? Canonical(string text)
    {
        List<string> names = [];
        var reader = new DistinguishedNameText(text);
        do
        {
            List<string> parts = [];
            do
            {
                var (type, value) = reader.ReadPart();
                if (TypeOf(type) is not { } oid || value is null || Spelling(oid, value) is not { } part)
                {
                    return null;
                }

                parts.Add(part);
            }
            while (reader.Skip('+') && parts.Count < MostParts);
            names.Add(Joined(parts));
        }
        while ((reader.Skip(',') || reader.Skip(';')) && names.Count < MostParts);
        return reader.IsAtEnd ? string.Join('\n', names) : null;
    }

    /// <summary>A certificate's spelling; null: its subject is empty, or has something that no text names.</summary>
    public static string? Canonical(X500DistinguishedName subject)
    {
        try
        {
            List<string> names = [];
            var reader = new AsnReader(subject.RawData, AsnEncodingRules.DER).ReadSequence();
            while (reader.HasData)
            {
                if (Relative(reader.ReadSetOf(skipSortOrderValidation: true)) is not { } name || names.Count == MostParts)
                {
                    return null;
                }

                names.Add(name);
            }

            // RFC 4514 section 2.1: the text starts with the last one.
            names.Reverse();
            return names.Count == 0 ? null : string.Join('\n', names);
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static string? Relative(AsnReader set)
    {
        List<string> parts = [];
        while (set.HasData)
        {
            var part = set.ReadSequence();
            var oid = part.ReadObjectIdentifier();
            if (ValueOf(part.ReadEncodedValue()) is not { } value || Spelling(oid, value) is not { } spelling || parts.Count == MostParts)
            {
                return null;
            }

            parts.Add(spelling);
        }

        return parts.Count == 0 ? null : Joined(parts);
    }

    /// <summary>The text of an encoded value; null: it is none.</summary>
    internal static string? ValueOf(ReadOnlyMemory<byte> encoded)
    {
        try
        {
            var reader = new AsnReader(encoded, AsnEncodingRules.BER);
            var tag = reader.PeekTag();
            return tag.TagClass == TagClass.Universal && (UniversalTagNumber)tag.TagValue
                is UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String
                or UniversalTagNumber.T61String or UniversalTagNumber.BMPString
                ? reader.ReadCharacterString((UniversalTagNumber)tag.TagValue)
                : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static string? TypeOf(string type) =>
        Types.TryGetValue(type, out var oid) ? oid
        : type.Contains('.', StringComparison.Ordinal) && type.All(c => char.IsAsciiDigit(c) || c == '.') ? type
        : null;

    private static string? Spelling(string oid, string value)
    {
        var spelled = new StringBuilder(oid, oid.Length + value.Length + 1).Append('=');
        var start = spelled.Length;
        foreach (var c in value.Normalize(NormalizationForm.FormC))
        {
            if (char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format)
            {
                return null;
            }

            if (c != ' ' || (spelled.Length > start && spelled[^1] != ' '))
            {
                spelled.Append(char.IsAscii(c) ? char.ToLowerInvariant(c) : c);
            }
        }

        return spelled.Length == start ? null : spelled.ToString().TrimEnd(' ');
    }

    /// <summary>What is one name together has no order.</summary>
    private static string Joined(List<string> parts) => string.Join('\t', parts.Order(StringComparer.Ordinal));
}
