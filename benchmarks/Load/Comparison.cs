namespace Benchmarks.Load;

/// <summary>A floor and the product's call that is held against it.</summary>
internal sealed record Comparison(string Name, Target Floor, Target Product)
{
    /// <summary>Floor, product, floor, product, ...: the machine drifts, and so both drift alike.</summary>
    public async Task<(Measurement[] Floor, Measurement[] Product)> RunAsync(Settings settings)
    {
        var settle = TimeSpan.FromMilliseconds(Math.Min(500, settings.WarmUp.TotalMilliseconds));
        await Floor.MeasureAsync(settings.WarmUp, TimeSpan.Zero);
        await Product.MeasureAsync(settings.WarmUp, TimeSpan.Zero);
        List<Measurement> floor = [];
        List<Measurement> product = [];
        for (var round = 0; round < settings.Rounds; round++)
        {
            floor.Add(await Floor.MeasureAsync(settle, settings.Measure));
            product.Add(await Product.MeasureAsync(settle, settings.Measure));
        }
        return ([.. floor], [.. product]);
    }
}
