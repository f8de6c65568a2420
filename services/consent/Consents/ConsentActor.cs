namespace Pltfrms.Iam.Consent.Consents;

/// <summary>Who changes decisions, and how.</summary>
/// <param name="Method">One of <see cref="ConsentMethods"/>.</param>
/// <param name="ActorId">The administrator; empty: the user.</param>
public sealed record ConsentActor(string Method, string ActorId)
{
    /// <summary>The realm itself, for a user who is gone.</summary>
    public static ConsentActor System { get; } = new(ConsentMethods.Administrator, "consent");

    public static ConsentActor User(string method) => new(method, "");
}
