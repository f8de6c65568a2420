using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Pltfrms.Iam.Client.AspNetCore.Authentication;

/// <summary>Makes a principal of a presented token; answers 401, 403 or, where nobody could decide, 503.</summary>
internal sealed class IamAuthenticationHandler(
    IOptionsMonitor<IamAuthenticationOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    IamClient iam,
    SenderConstraint senders,
    RefusalAnswer answer)
    : AuthenticationHandler<IamAuthenticationOptions>(options, logger, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization.Count > 1)
        {
            return Refuse(Refusal.InvalidToken("There is more than one Authorization header."));
        }
        if (Presented.Of(Request.Headers.Authorization) is not { } presented)
        {
            return AuthenticateResult.NoResult();
        }
        try
        {
            var token = await iam.IntrospectAsync(presented.Token, Context.RequestAborted);
            return RefusalOf(presented, token) is { } refusal ? Refuse(refusal) : Accept(presented, token);
        }
        catch (IamClientException fault)
        {
            Log.NotDecided(Logger, fault.Message);
            return Refuse(Refusal.Outage);
        }
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        answer.WriteAsync(Context, Refusals.Of(Context) ?? Refusal.NoToken, Options);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        answer.WriteAsync(Context, Refusals.Of(Context) ?? Refusal.Forbidden, Options);

    private Refusal? RefusalOf(Presented presented, Introspection token) =>
        !token.Active ? Refusal.InvalidToken("The token is not active.")
        : !token.Audiences.Contains(Options.Audience, StringComparer.Ordinal) ? Refusal.InvalidToken("The token is for another resource server.")
        : senders.Refuse(Context, presented, token, Options);

    private AuthenticateResult Refuse(Refusal refusal)
    {
        Refusals.Add(Context, refusal);
        return AuthenticateResult.Fail(refusal.Description);
    }

    private AuthenticateResult Accept(Presented presented, Introspection token)
    {
        Context.Features.Set(new IamCaller(presented.Token, token));
        var identity = new ClaimsIdentity(ClaimsOf(token), Scheme.Name, IamClaimTypes.Subject, roleType: null);
        return AuthenticateResult.Success(new(new ClaimsPrincipal(identity), Scheme.Name));
    }

    private static IEnumerable<Claim> ClaimsOf(Introspection token)
    {
        (string Type, string? Value)[] single =
        [
            (IamClaimTypes.Subject, token.Subject),
            (IamClaimTypes.SubjectType, IamClaimsPrincipalExtensions.NameOf(token.SubjectType)),
            (IamClaimTypes.ClientId, token.ClientId),
            (IamClaimTypes.OrganizationId, token.OrganizationId),
            (IamClaimTypes.Issuer, token.Issuer),
            (IamClaimTypes.TokenId, token.TokenId),
            (IamClaimTypes.ExpiresAt, Seconds(token.ExpiresAt)),
            (IamClaimTypes.Acr, token.Acr),
            (IamClaimTypes.AuthenticatedAt, Seconds(token.AuthenticatedAt)),
            (IamClaimTypes.GrantId, token.GrantId),
            (IamClaimTypes.Actor, ActorsOf(token)),
            (IamClaimTypes.Confirmation, ConfirmationOf(token)),
        ];
        return single.Where(static claim => claim.Value is not null).Select(static claim => new Claim(claim.Type, claim.Value!))
            .Concat(token.Audiences.Select(static audience => new Claim(IamClaimTypes.Audience, audience)))
            .Concat(token.Scopes.Select(static scope => new Claim(IamClaimTypes.Scope, scope)));
    }

    private static string? Seconds(DateTimeOffset? time) => time?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static string? ActorsOf(Introspection token)
    {
        Dictionary<string, object>? chain = null;
        foreach (var actor in token.Actors.Reverse())
        {
            Dictionary<string, object> outer = new()
            {
                [IamClaimTypes.Subject] = actor.Subject,
                [IamClaimTypes.SubjectType] = IamClaimsPrincipalExtensions.NameOf(actor.SubjectType),
            };
            if (chain is not null)
            {
                outer[IamClaimTypes.Actor] = chain;
            }
            chain = outer;
        }
        return chain is null ? null : JsonSerializer.Serialize(chain);
    }

    private static string? ConfirmationOf(Introspection token)
    {
        if (token.Confirmation is not { } keys)
        {
            return null;
        }
        Dictionary<string, string> members = [];
        if (keys.JwkThumbprint is { } jwk)
        {
            members["jkt"] = jwk;
        }
        if (keys.CertificateThumbprint is { } certificate)
        {
            members["x5t#S256"] = certificate;
        }
        return JsonSerializer.Serialize(members);
    }
}
