using System.Globalization;
using System.Xml.Linq;

namespace Benchmarks.Load.Results;

/// <summary>Horizontal bars in groups, as SVG that is readable on light and on dark pages.</summary>
internal sealed class BarPlot
{
    private const int Width = 1000;
    private const int LabelWidth = 470;
    private const int ValueWidth = 200;
    private const int Row = 24;
    private const int Margin = 16;
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly List<XElement> _elements = [];
    private double _y = Margin;

    /// <summary>The class of a bar that reached its aim, or is ours.</summary>
    public const string Good = "good";

    public const string Bad = "bad";

    public const string Other = "other";

    private const string Style = """
        text { font: 13px system-ui, sans-serif; fill: #1f2328 } .heading { font-weight: 600 } .value { font-variant-numeric: tabular-nums }
        .good { fill: #1a7f37 } .bad { fill: #bc4c00 } .other { fill: #8c959f } line { stroke: #1f2328; stroke-dasharray: 4 3 }
        @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .good { fill: #3fb950 } .bad { fill: #f0883e } .other { fill: #6e7681 } line { stroke: #e6edf3 } }
        """;

    public BarPlot Heading(string text)
    {
        _y += 6;
        Text(0 + Margin, text, "heading", "start");
        _y += Row;
        return this;
    }

    /// <param name="label">Left of the bar.</param>
    /// <param name="share">Of the full width; 0 to 1.</param>
    /// <param name="value">In a column of its own.</param>
    /// <param name="kind">Good, Bad or Other.</param>
    public BarPlot Bar(string label, double share, string value, string kind)
    {
        Text(LabelWidth - 10, label, "label", "end");
        var width = Math.Clamp(share, 0, 1) * (Width - LabelWidth - ValueWidth);
        _elements.Add(Element("rect", ("x", LabelWidth), ("y", _y), ("width", Math.Max(width, 1)), ("height", Row - 8), ("rx", 2), ("class", kind)));
        Text(Width - ValueWidth + 12, value, "value", "start");
        _y += Row;
        return this;
    }

    /// <summary>A vertical line through all bars so far.</summary>
    public BarPlot Mark(double share)
    {
        var x = LabelWidth + (share * (Width - LabelWidth - ValueWidth));
        _elements.Add(Element("line", ("x1", x), ("x2", x), ("y1", Margin), ("y2", _y)));
        return this;
    }

    public XDocument Draw(string title) => new(Element(
        "svg",
        ("viewBox", $"0 0 {Width} {(int)_y + Margin}"),
        ("width", Width),
        ("role", "img"),
        ("aria-label", title)).With(new XElement(Svg + "title", title), new XElement(Svg + "style", Style), _elements));

    private void Text(double x, string text, string kind, string anchor) =>
        _elements.Add(Element("text", ("x", x), ("y", _y + 13), ("class", kind), ("text-anchor", anchor)).With(text));

    private static XElement Element(string name, params (string Name, object Value)[] attributes) => new(
        Svg + name,
        attributes.Select(attribute => new XAttribute(
            attribute.Name, attribute.Value is double number ? number.ToString("0.#", CultureInfo.InvariantCulture) : attribute.Value)));
}

/// <summary>To build elements in one expression.</summary>
internal static class XElementExtensions
{
    public static XElement With(this XElement element, params object[] content)
    {
        element.Add(content);
        return element;
    }
}
