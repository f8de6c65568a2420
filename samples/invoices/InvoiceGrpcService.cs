using Grpc.Core;
using Invoices.V1;
using Pltfrms.Iam.Client.AspNetCore;

namespace Invoices;

/// <summary>The same invoices over gRPC; the organization is a field of the request.</summary>
public sealed class InvoiceGrpcService : InvoiceService.InvoiceServiceBase
{
    [RequirePermission("invoices.read", OrganizationField = "organization_id")]
    public override Task<CountInvoicesResponse> CountInvoices(CountInvoicesRequest request, ServerCallContext context) =>
        Task.FromResult(new CountInvoicesResponse { Count = 2 });
}
