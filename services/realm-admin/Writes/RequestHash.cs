using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Pltfrms.Iam.RealmAdmin.Documents.Yaml;

namespace Pltfrms.Iam.RealmAdmin.Writes;

/// <summary>Tells whether two requests ask for the same. Of the fields, not of the bytes: those differ where a client orders its maps anew.</summary>
internal static class RequestHash
{
    public static string Of(IMessage request)
    {
        var text = new StringBuilder();
        Write(text, MessageNode.Of(request, "", new HashSet<string>()));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <remarks>Lengths stand before texts, so that no two trees are written alike.</remarks>
    private static void Write(StringBuilder text, DocumentNode node)
    {
        text.Append(CultureInfo.InvariantCulture, $"{node.Kind}{node.Text.Length}:{node.Text}[{node.Items.Count}]");
        foreach (var item in node.Items)
        {
            Write(text, item);
        }

        text.Append(CultureInfo.InvariantCulture, $"{{{node.Members.Count}}}");
        foreach (var (key, member) in node.Members.OrderBy(member => member.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{key.Length}:{key}");
            Write(text, member);
        }
    }
}
