using Grpc.Core;

namespace Pltfrms.Iam.Common.Authentication;

/// <summary>The first line of every internal gRPC method: who calls, and may they?</summary>
public sealed class CallerGate
{
    /// <summary>
    /// The caller named by the call's <c>authorization: Bearer</c> header: an operator key, a service assertion or an access token.
    /// </summary>
    /// <param name="context">The call.</param>
    /// <param name="realmId">The realm acted on; empty for a call that spans realms.</param>
    /// <param name="permission">One of <see cref="Permissions.IamPermissions"/>.</param>
    /// <exception cref="Errors.IamException">UNAUTHENTICATED, PERMISSION_DENIED, or an outage.</exception>
    public ValueTask<Caller> RequireAsync(ServerCallContext context, string realmId, string permission) =>
        throw new NotImplementedException();
}
