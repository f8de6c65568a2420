using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common;

namespace Pltfrms.Iam.Token.Devices;

/// <summary>What a device shows and its user types (RFC 8628 section 6.1): consonants only, so that nothing is misread and no word appears.</summary>
public static class UserCode
{
    private const string Alphabet = "BCDFGHJKLMNPQRSTVWXZ";
    private const int Length = 8;

    /// <summary><c>BCDF-GHJK</c>: one of 20 to the power of 8.</summary>
    public static string New()
    {
        var letters = RandomNumberGenerator.GetString(Alphabet, Length);
        return $"{letters[..(Length / 2)]}-{letters[(Length / 2)..]}";
    }

    /// <summary>What is stored of a code as typed, in whatever case and with whatever between; null: it is no code.</summary>
    public static string? Hash(string typed)
    {
        var letters = new StringBuilder(Length);
        foreach (var c in typed)
        {
            var upper = char.ToUpperInvariant(c);
            if (Alphabet.Contains(upper, StringComparison.Ordinal))
            {
                letters.Append(upper);
            }
            else if (c is not ('-' or ' '))
            {
                return null;
            }
        }

        return letters.Length == Length ? OpaqueValue.Hash(letters.ToString()) : null;
    }
}
