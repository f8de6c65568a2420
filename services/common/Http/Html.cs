using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Pltfrms.Iam.Common.Http;

/// <summary>
/// Text that is HTML. It is made of interpolated strings, whose values are encoded, and cleaned of what misleads the eye (<see cref="ShownText"/>),
/// unless they are HTML themselves.
/// </summary>
/// <remarks>Attribute values must be quoted where they are written: within quotes, what is encoded here stays one value.</remarks>
public readonly record struct Html
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly string? _text;

    private Html(string text) => _text = text;

    public static Html Empty => default;

    /// <summary>HTML from <c>$"…{value}…"</c>.</summary>
    public static Html Of(Interpolation html) => new(html.ToString());

    /// <summary>Plain text as HTML.</summary>
    public static Html Text(string text) => new(Encode(text));

    /// <summary>A value that goes back to a program, such as <c>state</c>: encoded, and otherwise as it is.</summary>
    public static Html Exactly(string value) => new(Encoder.Encode(value));

    /// <summary>A script or style of ours within its element. Never with a value of anybody's: neither is HTML, so nothing is encoded.</summary>
    public static Html Inline(string element, string content) => new($"<{element}>{content}</{element}>");

    /// <summary>A sentence of a language with places <c>{0}</c>, <c>{1}</c> for HTML, so that word order is the language's.</summary>
    public static Html Sentence(string sentence, params ReadOnlySpan<Html> places)
    {
        var html = new StringBuilder();
        var rest = sentence.AsSpan();
        for (var start = rest.IndexOf('{'); start >= 0; start = rest.IndexOf('{'))
        {
            html.Append(Encode(rest[..start].ToString())).Append(places[rest[start + 1] - '0'].ToString());
            rest = rest[(start + "{0}".Length)..];
        }

        return new Html(html.Append(Encode(rest.ToString())).ToString());
    }

    public override string ToString() => _text ?? "";

    private static string Encode(string text) => Encoder.Encode(ShownText.Clean(text));

    /// <summary>What the compiler turns an interpolated string into.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Interpolation(int literalLength, int formattedCount)
    {
        private const int UsualValueLength = 24;

        private readonly StringBuilder _html = new(literalLength + (formattedCount * UsualValueLength));

        public void AppendLiteral(string value) => _html.Append(value);

        public void AppendFormatted(string? value) => _html.Append(Encode(value ?? ""));

        public void AppendFormatted(int value) => _html.Append(value);

        public void AppendFormatted(Html value) => _html.Append(value.ToString());

        public void AppendFormatted(IEnumerable<Html> values)
        {
            foreach (var value in values)
            {
                _html.Append(value.ToString());
            }
        }

        public override string ToString() => _html.ToString();
    }
}
