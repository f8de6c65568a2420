using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Errors.V1;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Token.Realms;

public sealed class RealmErasureGrpcService(CallerGate gate, EraseRealm erase) : Wire.RealmErasureService.RealmErasureServiceBase
{
    public override async Task<Wire.EraseRealmResponse> EraseRealm(Wire.EraseRealmRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.RealmsErase);
        if (request.RealmId.Length == 0)
        {
            throw new IamException(ErrorReason.InvalidArgument, "The request names no realm.")
            {
                Violations = [new FieldViolation("realm_id", "is required")],
            };
        }

        var (erased, done) = await erase.ExecuteAsync(request.RealmId, context.CancellationToken);
        return new() { ErasedCount = erased, Done = done };
    }
}
