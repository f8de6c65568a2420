using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.ClientAuthentication;
using Pltfrms.Iam.Token.Sessions;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Token.Login;

/// <summary>InteractionService over gRPC: a realm's own login application asks what a login is for, and says who the user is.</summary>
public sealed class InteractionGrpcService(CallerGate gate, RealmSnapshots realms, LoginChallenges challenges, TimeProvider clock)
    : Wire.InteractionService.InteractionServiceBase
{
    private const int MaxDescription = 500;
    private const int MaxMethods = 20;
    private const int MaxMethod = 255;
    private const int NanosPerSecond = 1_000_000_000;

    public override async Task<Wire.GetLoginResponse> GetLogin(Wire.GetLoginRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.LoginsAnswer);
        await realms.GetLastKnownAsync(request.RealmId, context.CancellationToken);
        var open = await challenges.FindAsync(request.RealmId, request.LoginChallenge, context.CancellationToken);
        return new Wire.GetLoginResponse
        {
            ClientId = open.Request.ClientId,
            Scopes = { open.Request.Scopes },
            OrganizationId = open.Request.OrganizationId ?? "",
            LoginHint = open.Request.LoginHint ?? "",
            UiLocales = { open.Request.UiLocales },
            AcrValues = { open.Request.AcrValues },
            ExpireTime = Timestamp.FromDateTimeOffset(open.Pending.ExpiresAt),
            UserId = open.Pending.Progress.LoginUserId ?? "",
        };
    }

    public override async Task<Wire.AcceptLoginResponse> AcceptLogin(Wire.AcceptLoginRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.LoginsAnswer);
        var realm = await realms.GetAsync(request.RealmId, minRevision: 0, context.CancellationToken);
        var open = await challenges.FindAsync(request.RealmId, request.LoginChallenge, context.CancellationToken);
        Require(realm.FindUser(request.UserId) is { Disabled: false }, "user_id", "must name an enabled user of the realm");
        Require(request.Acr.Length == 0 || realm.Realm.AcrValues.Contains(request.Acr), "acr", "must be one of the realm's acr_values");
        Require(
            request.Amr.Count <= MaxMethods && request.Amr.All(method => method.Length is > 0 and <= MaxMethod && method.All(c => c is > ' ' and <= '~')),
            "amr",
            $"must be {MaxMethods} values at the most, each of {MaxMethod} printable ASCII characters without space at the most");
        Require(IsPast(request.AuthenticationTime), "authentication_time", "must be a time that is over");
        Require(request.RoleIds.All(roleId => realm.FindRole(roleId) is not null), "role_ids", "must name roles of the realm");
        var login = new CompletedLogin
        {
            UserId = request.UserId,
            Acr = request.Acr.Length > 0 ? request.Acr : null,
            Amr = [.. request.Amr],
            RoleIds = [.. request.RoleIds],
            AuthenticatedAt = request.AuthenticationTime?.ToDateTimeOffset(),
        };
        var redirectTo = await challenges.AnswerAsync(
            open, hash => new LoginAnswer { VerifierHash = hash, Login = login }, context.CancellationToken);
        return new Wire.AcceptLoginResponse { RedirectTo = redirectTo };
    }

    public override async Task<Wire.RejectLoginResponse> RejectLogin(Wire.RejectLoginRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.LoginsAnswer);
        await realms.GetLastKnownAsync(request.RealmId, context.CancellationToken);
        var open = await challenges.FindAsync(request.RealmId, request.LoginChallenge, context.CancellationToken);
        var description = request.ErrorDescription;
        Require(
            description.Length <= MaxDescription && description.All(c => c is >= ' ' and <= '~'),
            "error_description",
            $"must be printable ASCII of {MaxDescription} characters at the most");
        var redirectTo = await challenges.AnswerAsync(
            open, hash => new LoginAnswer { VerifierHash = hash, Refusal = description }, context.CancellationToken);
        return new Wire.RejectLoginResponse { RedirectTo = redirectTo };
    }

    /// <summary>Also where it is not set, which means now.</summary>
    private bool IsPast(Timestamp? time) =>
        time is null || (time is { Seconds: > 0, Nanos: >= 0 and < NanosPerSecond } && time.Seconds <= (clock.GetUtcNow() + ClockSkew.Allowed).ToUnixTimeSeconds());

    private static void Require(bool right, string field, string rule)
    {
        if (!right)
        {
            throw new IamException(ErrorReason.InvalidArgument, "The request has wrong fields.") { Violations = [new(field, rule)] };
        }
    }
}
