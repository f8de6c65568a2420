namespace Benchmarks.Load.Scale;

/// <summary>How much there is. Load goes to the realms in use only; whatever else there is must not be felt.</summary>
/// <param name="Realms">All of them.</param>
/// <param name="InUse">Those that the token service has in memory and load goes to.</param>
/// <param name="Bindings">In the realms in use, together.</param>
/// <param name="Grants">Likewise: live, each with its refresh token.</param>
internal sealed record Size(int Realms, int InUse, int Bindings, int Grants)
{
    /// <summary>As many grants as a fast machine uses refresh tokens while it is measured; a machine that ran out of them would be refused.</summary>
    public static Size Small { get; } = new(100, 100, 1_000, 100_000);

    public static Size Large { get; } = new(10_000, 100, 1_000_000, 1_000_000);

    public static Size SmallQuick { get; } = new(2, 2, 20, 1_500);

    public static Size LargeQuick { get; } = new(8, 2, 400, 3_000);

    public int BindingsOfEach => Bindings / InUse;

    /// <summary>A part of it, with as many realms in use.</summary>
    public Size Over(int divisor) => this with { Realms = Math.Max(InUse, Realms / divisor), Bindings = Bindings / divisor, Grants = Grants / divisor };

    /// <summary>Ten bindings each.</summary>
    public int UsersOfEach => Math.Max(1, BindingsOfEach / 10);

    public static string RealmId(int i) => $"r{i}";
}
