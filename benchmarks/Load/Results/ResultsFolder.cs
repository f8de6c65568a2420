using System.Text.Json;
using System.Text.Json.Serialization;
using System.Xml.Linq;

namespace Benchmarks.Load.Results;

/// <summary>
/// Where results are kept: the figures as JSON, and the page and plots made of them. All is written again after each figure, so that a run that is
/// interrupted leaves what it had; figures that a run does not measure stay.
/// </summary>
internal sealed class ResultsFolder(string folder, string engine)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly List<Figure> _figures = Read(FileOf(folder, engine));

    public void Keep(Figure figure, IReadOnlyList<string> order)
    {
        _figures.RemoveAll(other => other.Name == figure.Name);
        _figures.Add(figure);
        _figures.Sort((one, other) => Place(order, one.Name).CompareTo(Place(order, other.Name)));
        Directory.CreateDirectory(folder);
        Replace(FileOf(folder, engine), JsonSerializer.Serialize(_figures, Json) + "\n");
        var plots = Plots();
        foreach (var (name, plot) in plots)
        {
            Replace(Path.Combine(folder, name), Checked(plot));
        }

        Replace(Path.Combine(folder, $"{engine}.md"), ResultsPage.Write(_figures, engine, [.. plots.Select(plot => plot.Name)]));
    }

    private List<(string Name, XDocument Plot)> Plots() =>
        new (string Name, XDocument? Plot)[] { ($"{engine}-aims.svg", AimsPlot.Of(_figures)), ($"{engine}-cpu.svg", CpuPlot.Of(_figures)) }
            .Where(entry => entry.Plot is not null)
            .Select(entry => (entry.Name, entry.Plot!))
            .ToList();

    /// <summary>As others will read it.</summary>
    private static string Checked(XDocument plot)
    {
        var text = plot + "\n";
        XDocument.Parse(text);
        return text;
    }

    /// <summary>Those that are no longer measured come last.</summary>
    private static int Place(IReadOnlyList<string> order, string name)
    {
        var place = order.ToList().IndexOf(name);
        return place < 0 ? order.Count : place;
    }

    private static List<Figure> Read(string file) =>
        File.Exists(file) ? JsonSerializer.Deserialize<List<Figure>>(File.ReadAllText(file), Json)! : [];

    /// <summary>Whole or not at all.</summary>
    private static void Replace(string file, string text)
    {
        File.WriteAllText(file + ".new", text);
        File.Move(file + ".new", file, overwrite: true);
    }

    private static string FileOf(string folder, string engine) => Path.Combine(folder, $"{engine}.json");
}
