using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Permissions;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Token.Permissions;

/// <summary>PermissionService over gRPC: who calls, and messages to records and back.</summary>
public sealed class PermissionGrpcService(CallerGate gate, CheckPermission check, BatchCheckPermissions batch, ListPermissions list)
    : Wire.PermissionService.PermissionServiceBase
{
    public override async Task<Wire.CheckPermissionResponse> CheckPermission(Wire.CheckPermissionRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.PermissionsCheck);
        var reading = new PermissionRequests();
        var question = reading.Read(request, path: "");
        reading.RequireRevision(request.MinRevision);
        reading.ThrowIfInvalid();
        var (decision, revision) = await check.ExecuteAsync(request.RealmId, question, request.MinRevision, context.CancellationToken);
        return ToWire(decision, revision);
    }

    public override async Task<Wire.BatchCheckPermissionsResponse> BatchCheckPermissions(
        Wire.BatchCheckPermissionsRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.PermissionsCheck);
        var (decisions, revision) = await batch.ExecuteAsync(request.RealmId, Questions(request), request.MinRevision, context.CancellationToken);
        var response = new Wire.BatchCheckPermissionsResponse { Revision = revision };
        foreach (var decision in decisions)
        {
            response.Results.Add(ToWire(decision, revision));
        }

        return response;
    }

    public override async Task<Wire.ListPermissionsResponse> ListPermissions(Wire.ListPermissionsRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.PermissionsCheck);
        var reading = new PermissionRequests();
        var (subject, circumstances, presentation) = reading.Read(request);
        reading.RequireRevision(request.MinRevision);
        reading.ThrowIfInvalid();
        var listed = await list.ExecuteAsync(request.RealmId, subject, circumstances, presentation, request.MinRevision, context.CancellationToken);
        var response = new Wire.ListPermissionsResponse { Reason = (Wire.DecisionReason)listed.Reason, Revision = listed.Revision };
        response.Permissions.Add(listed.Permissions);
        return response;
    }

    private static List<PermissionQuestion> Questions(Wire.BatchCheckPermissionsRequest request)
    {
        var reading = new PermissionRequests();
        reading.RequireRevision(request.MinRevision);
        if (request.Checks.Count > PermissionRequests.MaxChecks)
        {
            reading.Violate("", "checks", $"must not be more than {PermissionRequests.MaxChecks}");
            reading.ThrowIfInvalid();
        }

        var questions = new List<PermissionQuestion>(request.Checks.Count);
        for (var i = 0; i < request.Checks.Count; i++)
        {
            var path = $"checks[{i}].";
            questions.Add(reading.Read(request.Checks[i], path));
            if (request.Checks[i].RealmId is { Length: > 0 } realmId && realmId != request.RealmId)
            {
                reading.Violate(path, "realm_id", "must be empty or the realm of the batch");
            }
        }

        reading.ThrowIfInvalid();
        return questions;
    }

    private static Wire.CheckPermissionResponse ToWire(in Decision decision, long revision)
    {
        var response = new Wire.CheckPermissionResponse
        {
            Allowed = decision.Allowed,
            Reason = (Wire.DecisionReason)decision.Reason,
            Revision = revision,
        };
        if (decision.Trace is { } trace)
        {
            response.Trace = new Wire.DecisionTrace
            {
                Scope = trace.Scope ?? "",
                RoleBindingId = trace.RoleBindingId ?? "",
                BindingOrganizationId = trace.BindingOrganizationId ?? "",
                OrganizationId = trace.OrganizationId ?? "",
                GroupIds = { trace.GroupIds },
                RoleIds = { trace.RoleIds },
                Steps = { trace.Steps },
            };
        }

        return response;
    }
}
