using Microsoft.AspNetCore.Http;

namespace Pltfrms.Iam.Common.Http;

/// <summary>How a path names the realm that it is of.</summary>
public static class RealmRoute
{
    /// <summary>What stands before the realm's id, in addresses and in issuers.</summary>
    public const string Prefix = "/realms/";

    /// <summary>How every path of a realm begins, as routing reads it.</summary>
    public const string Pattern = $"{Prefix}{{{Value}}}";

    private const string Value = "realm";

    /// <summary>The realm's id; null: the path names none.</summary>
    public static string? Of(HttpContext context) => context.Request.RouteValues[Value] as string;

    public static void Set(HttpRequest request, string realmId) => request.RouteValues[Value] = realmId;
}
