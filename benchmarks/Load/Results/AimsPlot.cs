using System.Xml.Linq;

namespace Benchmarks.Load.Results;

/// <summary>How much of each aim was reached; the line is the aim.</summary>
internal static class AimsPlot
{
    private const double Most = 2;

    public static XDocument? Of(IReadOnlyList<Figure> figures)
    {
        var aims = figures.SelectMany(figure => figure.Aims).Where(aim => aim.OfAim is not null).ToList();
        if (aims.Count == 0)
        {
            return null;
        }

        var plot = new BarPlot();
        foreach (var aim in aims)
        {
            plot.Bar(aim.Text, aim.OfAim!.Value / Most, $"{ResultsPage.Number(aim.Value!.Value)} {aim.Unit} of {ResultsPage.Number(aim.Aim)}", aim.IsMet == true ? BarPlot.Good : BarPlot.Bad);
        }

        return plot.Mark(1 / Most).Draw("What was reached of each aim; the dashed line is the aim");
    }
}
