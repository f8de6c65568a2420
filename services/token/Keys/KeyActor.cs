using Pltfrms.Iam.Common.Authentication;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>Who changed a realm's keys.</summary>
/// <param name="Kind">operator, service or token.</param>
/// <param name="Id">The operator's or service's name, or the token's subject.</param>
public sealed record KeyActor(string Kind, string Id)
{
    /// <summary>The regular care of this service.</summary>
    public static KeyActor Service { get; } = new("service", "token");

    public static KeyActor Of(Caller caller) => new(caller.Kind.ToString().ToLowerInvariant(), caller.Id);
}
