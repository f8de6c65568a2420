using System.Globalization;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Consent.Pages;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.Delegations;

/// <summary>What a user wants to let somebody do. Empty texts: not said.</summary>
public sealed record NewDelegation
{
    public required string DelegateClientId { get; init; }

    public required string DelegateUserId { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required string OrganizationId { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public int MaxDepth { get; init; }

    public required string Reason { get; init; }

    /// <summary>As the page's form sends it: for a number of days.</summary>
    /// <exception cref="IamException">INVALID_ARGUMENT.</exception>
    internal static NewDelegation Of(FormBody form, DateTimeOffset now) => Checked(new()
    {
        DelegateClientId = form.One("delegate_client_id"),
        DelegateUserId = form.One("delegate_user_id").Trim(),
        Scopes = form.Many("scope"),
        OrganizationId = form.One("organization_id"),
        ExpiresAt = now + TimeSpan.FromDays(Number(form.One("days"), DelegationPeriods.Longest)),
        MaxDepth = Number(form.One("max_depth"), DelegationRecord.LargestDepth),
        Reason = form.One("reason").Trim(),
    });

    /// <exception cref="IamException">INVALID_REQUEST, INVALID_ARGUMENT.</exception>
    internal static NewDelegation Of(JsonBody json) => Checked(new()
    {
        DelegateClientId = json.Text("delegate_client_id"),
        DelegateUserId = json.Text("delegate_user_id"),
        Scopes = json.Texts("scopes"),
        OrganizationId = json.Text("organization_id"),
        ExpiresAt = Time(json.Text("expire_time")),
        MaxDepth = json.Text("max_depth") is { Length: > 0 } depth ? Number(depth, DelegationRecord.LargestDepth) : 0,
        Reason = json.Text("reason"),
    });

    private static NewDelegation Checked(NewDelegation delegation) =>
        delegation.DelegateClientId.Length == 0 == (delegation.DelegateUserId.Length == 0)
            ? throw new IamException(ErrorReason.InvalidArgument, "Either delegate_client_id or delegate_user_id must be set.")
            : delegation;

    private static int Number(string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most
            ? number
            : throw new IamException(ErrorReason.InvalidArgument, "days and max_depth must be whole numbers, and not too large.");

    private static DateTimeOffset? Time(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        return DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new IamException(ErrorReason.InvalidArgument, "expire_time must be a time like 2026-01-31T12:00:00Z.");
    }
}
