using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Token.Sessions;

/// <summary>How long a realm's sessions and refresh tokens last.</summary>
public sealed record SessionLifetimes
{
    public TimeSpan SessionIdle { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan SessionAbsolute { get; init; } = TimeSpan.FromHours(12);

    public TimeSpan RefreshIdle { get; init; } = TimeSpan.FromDays(14);

    public TimeSpan RefreshAbsolute { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long the same use of a used refresh token gets the same answer.</summary>
    public TimeSpan RefreshRetryWindow { get; init; } = TimeSpan.FromSeconds(10);

    private static SessionLifetimes Usual { get; } = new();

    public static SessionLifetimes Of(Realm realm) => realm.RealmId.Length > 0 ? Usual : Usual;
}
