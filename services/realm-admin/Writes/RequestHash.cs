using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.RealmAdmin.Documents.Yaml;

namespace Pltfrms.Iam.RealmAdmin.Writes;

/// <summary>
/// Tells whether two calls ask for the same, of the same caller: what one was answered is not for another. Of the fields, not of the bytes: those
/// differ where a client orders its maps anew.
/// </summary>
internal static class RequestHash
{
    public static string Of(Caller caller, IMessage request)
    {
        var text = new StringBuilder();
        foreach (var part in new[] { $"{caller.Kind} {caller.Principal?.Type}", caller.RealmId ?? "", caller.Id, caller.ClientId ?? "" })
        {
            text.Append(CultureInfo.InvariantCulture, $"{part.Length}:{part}");
        }

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
