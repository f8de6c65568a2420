namespace Conformance.Tests.Running;

/// <summary>A client that the cases call with, from callers.yaml.</summary>
internal sealed record Caller
{
    /// <summary>The realm that it is a client of.</summary>
    public required string Realm { get; init; }

    /// <summary>Its id there.</summary>
    public required string Client { get; init; }

    public required string Secret { get; init; }

    /// <summary>The scopes of the token with which it calls gRPC.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];
}

/// <summary>Those of callers.yaml, by the name that cases know them by.</summary>
internal static class Callers
{
    /// <summary>A caller without a credential.</summary>
    public const string Nobody = "nobody";

    private static readonly Dictionary<string, Caller> All =
        YamlDocument.Read<Dictionary<string, Caller>>(Path.Combine(AppContext.BaseDirectory, "callers.yaml"));

    public static Caller Named(string name) =>
        All.TryGetValue(name, out var caller) ? caller : throw new InvalidDataException($"callers.yaml has no {name}");

    /// <summary>The secret that a client of a realm has; a wrong one where the case makes the client up.</summary>
    public static string SecretOf(string? realm, string? client) =>
        All.Values.FirstOrDefault(caller => caller.Realm == realm && caller.Client == client)?.Secret ?? "a-secret-that-nobody-has-0123456789";
}
