using System.Text.RegularExpressions;

namespace Pltfrms.Iam.RealmAdmin.Documents.Yaml;

/// <summary>How YAML 1.2 reads a value that stands without quotes (section 10.3.2).</summary>
internal static partial class CoreSchema
{
    public static NodeKind KindOf(string plain) => plain switch
    {
        "" or "~" or "null" or "Null" or "NULL" => NodeKind.Empty,
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => NodeKind.Flag,
        _ => Number().IsMatch(plain) ? NodeKind.Number : NodeKind.Text,
    };

    [GeneratedRegex(@"\A(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\z")]
    private static partial Regex Number();
}
