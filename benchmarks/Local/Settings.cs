using System.Globalization;

namespace Benchmarks.Local;

/// <summary>What the load generator tells, in the environment, where others do not read the keys.</summary>
internal static class Settings
{
    public static Uri TokenHttp => new(Text("TOKEN_HTTP"));

    public static Uri TokenGrpc => new(Text("TOKEN_GRPC"));

    public static Uri RealmAdminGrpc => new(Text("REALM_ADMIN_GRPC"));

    public static string OperatorKey => Text("OPERATOR_KEY");

    public static string RealmId => Text("REALM");

    public static int Rounds => Number("ROUNDS");

    public static TimeSpan Measure => TimeSpan.FromSeconds(double.Parse(Text("SECONDS"), CultureInfo.InvariantCulture));

    /// <summary>How many tokens are new in each round.</summary>
    public static int NewTokens => Number("NEW_TOKENS");

    /// <summary>How many changes are waited for.</summary>
    public static int Changes => Number("CHANGES");

    private static string Text(string name) =>
        Environment.GetEnvironmentVariable($"BENCHMARK_{name}") ?? throw new InvalidOperationException($"BENCHMARK_{name} is not set: benchmarks/run.sh starts this program");

    private static int Number(string name) => int.Parse(Text(name), CultureInfo.InvariantCulture);
}
