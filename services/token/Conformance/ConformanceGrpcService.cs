using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Permissions;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Token.Conformance;

/// <summary>ConformanceService over gRPC: who calls, and records to messages.</summary>
public sealed class ConformanceGrpcService(CallerGate gate, ReportConformance report) : Wire.ConformanceService.ConformanceServiceBase
{
    public override async Task<Wire.GetConformanceReportResponse> GetConformanceReport(Wire.GetConformanceReportRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.RealmsRead);
        var found = await report.ExecuteAsync(request.RealmId, request.MinRevision, context.CancellationToken);
        return new Wire.GetConformanceReportResponse { Revision = found.Revision, Findings = { found.Rules.Select(ToWire) } };
    }

    private static Wire.ConformanceFinding ToWire(ReportedRule reported) => new()
    {
        Standard = ToWire(reported.Standard),
        RuleId = reported.Rule.RuleId,
        Title = reported.Rule.Title,
        Met = reported.Finding.IsMet,
        Reason = reported.Finding.Reason,
        ClientIds = { reported.Finding.ClientIds },
        Tests = { reported.Finding.Tests },
    };

    private static Wire.ConformanceStandard ToWire(ConformanceStandard standard) => standard switch
    {
        ConformanceStandard.Rfc9700 => Wire.ConformanceStandard.Rfc9700,
        ConformanceStandard.OAuth21 => Wire.ConformanceStandard.Oauth21,
        ConformanceStandard.Fapi2 => Wire.ConformanceStandard.Fapi2,
        ConformanceStandard.Asvs => Wire.ConformanceStandard.Asvs,
        _ => throw new ArgumentOutOfRangeException(nameof(standard), standard, "no wire mapping"),
    };
}
