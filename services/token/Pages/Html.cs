using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace Pltfrms.Iam.Token.Pages;

/// <summary>A piece of HTML, written as an interpolated string: what is put into it is encoded, unless it is HTML itself.</summary>
[InterpolatedStringHandler]
public sealed class Html(int literalLength, int formattedCount)
{
    private readonly StringBuilder _text = new(literalLength + (formattedCount * 16));

    public static Html Empty => $"";

    public static Html Join(IEnumerable<Html> pieces)
    {
        var joined = new Html(0, 0);
        foreach (var piece in pieces)
        {
            joined.AppendFormatted(piece);
        }

        return joined;
    }

    public void AppendLiteral(string value) => _text.Append(value);

    public void AppendFormatted(string? value) => _text.Append(HtmlEncoder.Default.Encode(value ?? ""));

    public void AppendFormatted(Html value) => _text.Append(value._text);

    public override string ToString() => _text.ToString();
}
